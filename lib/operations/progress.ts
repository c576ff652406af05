/** Where a person reads how far a step is: one line each time something changed. */
export type Progress = (line: string) => void;
