/** Version of this program; the same as in package.json. */
export const programVersion = '0.1.0';
