import assert from 'node:assert/strict';
import { renderCommandLine } from '../../../src/cli/render/commandLine';
import { printable, printableLine } from '../../../src/cli/render/printable';

describe('printable', () => {
  it('lets nothing move the cursor, colour or turn the text', () => {
    assert.equal(
      printable('a\u001b[31mb\u0007\r\t\u009bc\u202ed\u2066\nübrig'),
      String.raw`a\u001b[31mb\u0007\u000d\u0009\u009bc\u202ed\u2066` + '\nübrig',
    );
    assert.equal(printableLine('a\nb'), String.raw`a\nb`);
  });
});

describe('renderCommandLine', () => {
  it('puts what a shell would change into quotes', () => {
    assert.equal(
      renderCommandLine(['/bin/x', '', '-a=1,b', 'a b', "it's", '$HOME', 'line\nbreak']),
      String.raw`/bin/x '' -a=1,b 'a b' 'it'\''s' '$HOME' 'line\nbreak'`,
    );
  });
});
