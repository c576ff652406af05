import * as z from "zod";

/**
 * A text of one form, and the sentence that says what to write: Windmill's form shows it under the field, and the
 * check at run time says the same. Blanks around the text do not count, in the form neither: nobody sees them there.
 *
 * @param form what the text must match as a whole; without anchors and flags, as a form's pattern has no flags
 * @param advice what to write, as it goes on after the field's title: `write database.table`
 */
export function textField(form: RegExp, advice: string): z.ZodString {
  const whole = new RegExp(`^\\s*(?:${form.source})\\s*$`);
  const customErrorMessage = `${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}.`;
  return z.string(advice).trim().regex(whole, advice).meta({ customErrorMessage });
}
