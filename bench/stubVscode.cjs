// Stands in for VS Code while activation is measured: everything exists, nothing happens. Its own cost is part of
// what is measured, so the figures are upper bounds of our code's share.
const Module = require('node:module');

/** A value that can be called, constructed, extended and asked for anything. */
function anything() {
  return new Proxy(class {}, {
    get: (target, name) => {
      // A promise would be awaited for ever, an iterator would never end.
      if (name === 'then') return undefined;
      if (name === Symbol.iterator) return [][Symbol.iterator].bind([]);
      if (name === Symbol.toPrimitive) return () => '';
      if (name === 'prototype') return target.prototype;
      if (name === 'event') return () => ({ dispose() {} });
      return (target[name] ??= anything());
    },
    apply: () => anything(),
  });
}

// A bundle copies what the module owns and keeps its prototype: only there can everything be answered.
const vscode = Object.create(anything());
vscode.workspace.workspaceFolders = undefined;
vscode.workspace.textDocuments = [];
vscode.workspace.isTrusted = true;
vscode.window.activeTextEditor = undefined;

const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));

/** What `activate` is given. */
exports.context = Object.assign(anything(), {
  subscriptions: [],
  extensionPath: process.env.BENCH_ROOT,
});
