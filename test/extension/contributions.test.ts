import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandId, contextKey, languageId, setting, viewId } from '../../src/extension/contributions';
import { contextValueOf } from '../../src/extension/views/viewNode';
import { projectRoot } from '../support/projectRoot';

interface Menu {
  /** Absent where it opens a submenu. */
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly contents: string;
      readonly when: string;
    }[];
    readonly submenus: readonly { readonly id: string }[];
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly languages: readonly { readonly id: string; readonly configuration: string }[];
    readonly grammars: readonly { readonly language: string; readonly path: string }[];
    readonly yamlValidation: readonly { readonly url: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> };
  };
}

const manifestText = readFileSync(path.join(projectRoot, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const texts = JSON.parse(readFileSync(path.join(projectRoot, 'package.nls.json'), 'utf8')) as Record<
  string,
  string
>;
const { contributes } = manifest;
const menus = Object.values(contributes.menus).flat();

function sorted(values: Iterable<string>): readonly string[] {
  return [...values].sort();
}

describe('package.json', () => {
  it('declares exactly the commands that are registered', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(sorted(declared), sorted(Object.values(commandId)));
  });

  it('has every command in the category SmartSim', () => {
    assert.deepEqual(
      contributes.commands.filter(({ category }) => category !== 'SmartSim'),
      [],
    );
  });

  it('declares exactly the views that are filled, in one container', () => {
    assert.deepEqual(Object.keys(contributes.views), ['smartsim']);
    const declared = Object.values(contributes.views).flat();
    assert.deepEqual(sorted(declared.map(({ id }) => id)), sorted(Object.values(viewId)));
  });

  it('declares exactly the settings that are read', () => {
    assert.deepEqual(
      sorted(Object.keys(contributes.configuration.properties)),
      sorted(Object.values(setting)),
    );
  });

  it('takes no path from the settings of an untrusted workspace', () => {
    const paths = Object.keys(contributes.configuration.properties).filter((name) =>
      /path|file|directory/i.test(name),
    );
    assert.deepEqual(
      sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations),
      sorted(paths),
    );
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  });

  it('is activated by its views, commands and language alone', () => {
    assert.deepEqual(manifest.activationEvents, []);
  });

  it('has a text for every key, and a key for every text', () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(texts)));
  });

  it('writes nothing that is shown into the manifest itself', () => {
    const shown = contributes.commands
      .map(({ title }) => title)
      .concat(contributes.viewsWelcome.map(({ contents }) => contents));
    assert.deepEqual(
      shown.filter((text) => !/^%[^%]+%$/.test(text)),
      [],
    );
  });

  it('titles commands in Title Case', () => {
    for (const { title } of contributes.commands) {
      const text = texts[title.slice(1, -1)] ?? '';
      // What asks before it does anything ends with three dots.
      assert.match(text, /^[A-Z]\w*( (by|for|from|in|of|to|\(?[A-Z][\w+]*\)?))*…?$/, text);
    }
  });

  it('offers only commands that it declares, in menus and welcome texts', () => {
    const known = new Set<string>(Object.values(commandId));
    const links = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/command:(smartsim\.\w+)/g)].map(([, id]) => id ?? ''),
    );
    assert.ok(links.length > 0);
    assert.deepEqual(
      [...menus.flatMap(({ command }) => command ?? []), ...links].filter((id) => !known.has(id)),
      [],
    );
  });

  it('fills exactly the submenus that menus open', () => {
    const declared = sorted(contributes.submenus.map(({ id }) => id));
    assert.deepEqual(sorted(menus.flatMap(({ submenu }) => submenu ?? [])), declared);
    assert.deepEqual(
      declared.filter((id) => (contributes.menus[id] ?? []).length === 0),
      [],
    );
  });

  it('puts at most three icons on a view and on a row', () => {
    for (const view of Object.values(viewId)) {
      const icons = (contributes.menus['view/title'] ?? []).filter(
        ({ when = '', group = '' }) =>
          group.startsWith('navigation') && (when.includes(view) || when.includes('=~')),
      );
      assert.ok(icons.length > 0 && icons.length <= 3, `${view}: ${icons.length}`);
    }
    const inline = (contributes.menus['view/item/context'] ?? []).filter(({ group = '' }) =>
      group.startsWith('inline'),
    );
    for (const kind of [
      'canLaunch',
      'canTakeOver',
      'canStop',
      'canRestart',
      'canRepair',
      'hasOutput',
      'hasAddress',
    ] as const) {
      assert.ok(
        inline.some(({ when = '' }) => when.includes(`;${kind}(;|$)`)),
        kind,
      );
    }
  });

  it('asks in its conditions only for context keys that are set', () => {
    const conditions = [
      ...menus.map(({ when = '' }) => when),
      ...contributes.commands.map(({ enablement = '' }) => enablement),
      ...contributes.viewsWelcome.map(({ when }) => when),
    ];
    const used = conditions.flatMap((when) => when.match(/smartsim\.[A-Za-z]+/g) ?? []);
    const known = new Set<string>([...Object.values(contextKey), ...Object.values(viewId)]);
    assert.deepEqual(
      used.filter((key) => !known.has(key)),
      [],
    );
    for (const key of Object.values(contextKey)) assert.ok(used.includes(key), key);
  });

  it('tests rows by capability in the way that rows tell them', () => {
    const value = contextValueOf({
      subject: { kind: 'experiment', file: '/a' },
      capabilities: ['canLaunch', 'canStop'],
    } as never);
    const launch = (contributes.menus['view/item/context'] ?? []).find(
      ({ command }) => command === commandId.launchExperiment,
    );
    const pattern = /viewItem =~ \/(.*)\/$/.exec(launch?.when ?? '')?.[1] ?? '';
    assert.match(value, new RegExp(pattern));
    assert.doesNotMatch('experiment;canLaunchNot', new RegExp(pattern));
  });

  it('names the language that the code asks for, and files that exist', () => {
    assert.deepEqual(
      contributes.languages.map(({ id }) => id),
      [languageId],
    );
    assert.deepEqual(
      contributes.grammars.map(({ language }) => language),
      [languageId],
    );
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.languages.map(({ configuration }) => configuration),
      ...contributes.grammars.map((grammar) => grammar.path),
      ...contributes.yamlValidation.map(({ url }) => url),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(projectRoot, file))),
      [],
    );
  });

  it('reads no setting past the list of settings', () => {
    const folder = path.join(projectRoot, 'src/extension');
    const reading = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => readFileSync(path.join(folder, name), 'utf8').includes('getConfiguration'));
    assert.deepEqual(reading, [path.join('bridge', 'settings.ts')]);
  });
});
