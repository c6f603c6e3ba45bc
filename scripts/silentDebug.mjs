// esbuild plugin: the package `debug` as a package that says nothing. ioredis hands it every command with all its words,
// and it prints them wherever the environment has DEBUG, as model developers' often has: secrets would end up in logs.

/** @type {import('esbuild').Plugin} */
export const silentDebug = {
  name: 'silent-debug',
  setup(build) {
    const namespace = 'silent-debug';
    build.onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({
      contents: 'exports.default = () => Object.assign(() => {}, { enabled: false });',
    }));
  },
};
