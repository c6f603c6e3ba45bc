// One activation in a fresh process: prints {requireMs, activateMs} as JSON.
//   node bench/activateOnce.cjs BUNDLE
const { context } = require('./stubVscode.cjs');

const begin = performance.now();
const extension = require(process.argv[2]);
const required = performance.now();
Promise.resolve(extension.activate(context)).then(() => {
  const end = performance.now();
  console.log(JSON.stringify({ requireMs: required - begin, activateMs: end - required }));
  // What the extension would go on doing is not measured.
  process.exit(0);
});
