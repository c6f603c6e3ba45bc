process.exitCode = 3;
export {};
