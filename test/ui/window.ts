import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { projectRoot } from '../support/projectRoot';

/**
 * Where things are in VS Code's window. Its class names change with its versions, so they stand here and nowhere else; the version
 * is pinned in tools/vscode-host.
 */
const places = {
  workbench: '.monaco-workbench',
  containerIcon: (title: string) => `.activitybar a.action-label[aria-label="${title}"]`,
  quickInput: '.quick-input-widget input[type="text"]',
  quickRows: '.quick-input-list .monaco-list-row',
  view: (name: string) => `.sidebar .pane:has(.pane-header .title:text-is("${name}"))`,
  viewHeader: '.pane-header',
  viewDescription: '.pane-header .description',
  viewMessage: '.tree-explorer-viewlet-tree-view > .message',
  treeRows: '[role="treeitem"]',
  rowLabel: '.label-name',
  rowDescription: '.label-description',
  rowAction: (title: string) => `.actions .action-label[aria-label="${title}"]`,
  viewAction: (title: string) => `.pane-header .action-label[aria-label="${title}"]`,
  welcome: '.welcome-view-content',
  button: '.monaco-button',
  menuItem: '.monaco-menu .action-label',
  moreActions: '.pane-header .action-label[aria-label="More Actions..."]',
  codeLens: '.codelens-decoration a',
  editorLines: '.monaco-editor .view-lines',
  squiggles: '.monaco-editor .squiggly-error, .monaco-editor .squiggly-warning',
  problems: '.markers-panel .monaco-list-row',
  panelText: '.output-view .view-lines',
  toasts: '.notifications-toasts .notification-toast',
  toastMessage: '.notification-list-item-message',
  dialog: '.monaco-dialog-box',
  statusItems: '.statusbar-item',
  hover: '.workbench-hover-container',
  trustEditor: '.workspace-trust-editor',
  closeModalEditor: '.monaco-modal-editor-block .action-label[aria-label^="Close"]',
  tab: (title: string) => `.tab[data-resource-name="${title}"]`,
};

/**
 * A theme of each kind that VS Code knows: what the browser says of its user's wishes, which the window follows (`themeSettings`), and the
 * class by which the window shows the kind.
 */
const themes = {
  dark: { colorScheme: 'dark', forcedColors: 'none', kind: 'vs-dark' },
  light: { colorScheme: 'light', forcedColors: 'none', kind: 'vs' },
  'high-contrast-dark': { colorScheme: 'dark', forcedColors: 'active', kind: 'hc-black' },
  'high-contrast-light': { colorScheme: 'light', forcedColors: 'active', kind: 'hc-light' },
} as const;
type ThemeName = keyof typeof themes;

/** Settings by which the window takes its colours from the browser. */
export const themeSettings = {
  'window.autoDetectColorScheme': true,
  'window.autoDetectHighContrast': true,
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
  'workbench.preferredHighContrastColorTheme': 'Default High Contrast',
  'workbench.preferredHighContrastLightColorTheme': 'Default High Contrast Light',
};

/** A person's hands and eyes on the real window. Every wait is bounded by the page's default. */
export class EditorWindow {
  constructor(readonly page: Page) {}

  /** The icon of a view container in the activity bar. */
  containerIcon(title: string): Locator {
    return this.page.locator(places.containerIcon(title));
  }

  /** Shows a view container, if it is not shown already. */
  async showContainer(title: string): Promise<void> {
    const icon = this.containerIcon(title);
    if ((await icon.getAttribute('aria-expanded')) !== 'true') await icon.click();
    await this.page.locator('.sidebar .composite.title', { hasText: title }).first().waitFor();
  }

  /**
   * Types into the command palette and waits until the first answer shows that text. A palette keeps what it could show when it
   * was opened: one from before the window has asked whether the folder is trusted, is opened anew.
   */
  async palette(text: string): Promise<Locator> {
    const rows = this.page.locator(places.quickRows);
    for (let attempt = 1; ; attempt += 1) {
      await this.page.keyboard.press('F1');
      await this.page.locator(places.quickInput).first().fill(`>${text}`);
      try {
        await rows.first().filter({ hasText: text }).waitFor({ timeout: 4000 });
        return rows;
      } catch (error) {
        if (attempt === 10) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  async runCommand(title: string): Promise<void> {
    await this.palette(title);
    await this.page.keyboard.press('Enter');
  }

  /** The rows of whatever list the quick input shows now. */
  get choices(): Locator {
    return this.page.locator(places.quickRows);
  }

  /** Writes into the input box, and does not answer yet. */
  async type(text: string): Promise<void> {
    await this.page.locator(places.quickInput).first().fill(text);
  }

  /** Chooses from the list that the quick input shows. */
  async choose(text: string): Promise<void> {
    await this.choices.filter({ hasText: text }).first().click();
  }

  /** Answers what the window asks in its input box. */
  async answer(text: string): Promise<void> {
    await this.page.locator(places.quickInput).first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Answers the window's own dialog for files, which writes a folder over what was typed before it has read that, and knows no file before. */
  async chooseFile(file: string): Promise<void> {
    await this.choices.filter({ hasText: '..' }).first().waitFor();
    await this.type(file);
    await this.choices
      .filter({ hasText: path.basename(file) })
      .first()
      .waitFor();
    await this.page.keyboard.press('Enter');
  }

  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.page.locator(places.quickInput).first().fill(name);
    await this.page.locator(places.quickRows).first().filter({ hasText: name }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator(places.tab(name)).waitFor();
  }

  /** A view of the side bar, by its name. */
  view(name: string): Locator {
    return this.page.locator(places.view(name));
  }

  /** Opens a view that is collapsed to its header. */
  async expandView(name: string): Promise<void> {
    const header = this.view(name).locator(places.viewHeader);
    if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
  }

  /** Shuts a view to its header, so that the others have its room. */
  async collapseView(name: string): Promise<void> {
    const header = this.view(name).locator(places.viewHeader);
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }

  /** The text that an empty view shows. */
  welcome(view: string): Locator {
    return this.view(view).locator(places.welcome);
  }

  welcomeButton(view: string, title: string): Locator {
    return this.welcome(view).locator(places.button, { hasText: title });
  }

  /** A row of a view's tree, by its label. */
  row(view: string, label: string): Locator {
    return this.view(view)
      .locator(places.treeRows)
      .filter({ has: this.page.locator(places.rowLabel, { hasText: label }) });
  }

  /** The labels of a view's rows that are on the screen, from above. */
  async rowLabels(view: string): Promise<readonly string[]> {
    return this.view(view).locator(places.treeRows).locator(places.rowLabel).allInnerTexts();
  }

  /** What stands beside the title of a view. */
  description(view: string): Locator {
    return this.view(view).locator(places.viewDescription);
  }

  /** What stands above the rows of a view. */
  message(view: string): Locator {
    return this.view(view).locator(places.viewMessage);
  }

  /** Selects rows together; the menu and the keyboard are about all of them then. */
  async selectRows(view: string, labels: readonly string[]): Promise<void> {
    const [first, ...others] = labels;
    if (first === undefined) return;
    await this.row(view, first).click();
    for (const label of others) await this.row(view, label).click({ modifiers: ['Control'] });
  }

  /** What was copied last. */
  clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Draws the edge of the side bar until it is so many pixels wide. */
  async narrowSideBar(width: number): Promise<void> {
    const box = await this.page.locator('.sidebar').boundingBox();
    if (box === null) throw new Error('There is no side bar.');
    await this.page.mouse.move(box.x + box.width, box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, box.y + box.height / 2, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Opens a row's children, if they are not shown already. */
  async expandRow(view: string, label: string): Promise<void> {
    const row = this.row(view, label);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'false') return;
    await row.click();
    if ((await row.getAttribute('aria-expanded')) === 'false') await this.page.keyboard.press('ArrowRight');
  }

  /** What is told about a row when the pointer rests on it. */
  async hoverText(view: string, label: string): Promise<string> {
    // Whoever rests on the row already is told nothing anew.
    await this.page.mouse.move(0, 0);
    await this.row(view, label).hover();
    const hover = this.page.locator(places.hover);
    await hover.waitFor();
    const text = await hover.innerText();
    await this.page.mouse.move(0, 0);
    await hover.waitFor({ state: 'hidden' });
    return text;
  }

  /** Clicks an action that stands in the row itself. */
  async rowAction(view: string, label: string, title: string): Promise<void> {
    const row = this.row(view, label);
    await row.hover();
    await row.locator(places.rowAction(title)).click();
  }

  /** What is told about another row may hide this one while the pointer rests there. */
  async openRowMenu(view: string, label: string): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.row(view, label).click({ button: 'right' });
  }

  /** Chooses from a row's context menu. */
  async rowMenu(view: string, label: string, title: string): Promise<void> {
    await this.openRowMenu(view, label);
    const item = this.menuItem(title);
    // By the keyboard: a menu that has just opened takes a click for the end of the one that opened it.
    await item.hover();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  /** Chooses from a menu within a row's context menu. */
  async rowSubmenu(view: string, label: string, menu: string, title: string): Promise<void> {
    await this.openRowMenu(view, label);
    await this.menuItem(menu).hover();
    await this.page.keyboard.press('ArrowRight');
    const item = this.menuItem(title);
    await item.hover();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  /** An entry of the menus that are open. */
  menuItem(title: string): Locator {
    return this.page.locator(places.menuItem).filter({ hasText: title });
  }

  /** Chooses from the menu behind the three dots in the title of a view. */
  async viewMenu(view: string, title: string): Promise<void> {
    await this.view(view).hover();
    await this.view(view).locator(places.moreActions).click();
    const item = this.menuItem(title);
    await item.hover();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  async viewAction(view: string, title: string): Promise<void> {
    await this.view(view).hover();
    await this.view(view).locator(places.viewAction(title)).click();
  }

  codeLens(title: string | RegExp): Locator {
    return this.page.locator(places.codeLens, { hasText: title });
  }

  get editorText(): Locator {
    return this.page.locator(places.editorLines);
  }

  get squiggles(): Locator {
    return this.page.locator(places.squiggles);
  }

  /** Types over a line of the active editor and does not save. Lines count from 1. */
  async replaceLine(line: number, text: string): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.page.locator(places.quickInput).first().fill(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.page.keyboard.press('Home');
    await this.page.keyboard.press('Shift+End');
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Escape');
  }

  /** The rows of the Problems panel, which is opened. */
  async problems(): Promise<Locator> {
    await this.runCommand('Problems: Focus on Problems View');
    return this.page.locator(places.problems);
  }

  /** What the panel's output channel shows. */
  get outputText(): Locator {
    return this.page.locator(places.panelText);
  }

  toast(text: string): Locator {
    return this.page
      .locator(places.toasts)
      .filter({ has: this.page.locator(places.toastMessage, { hasText: text }) });
  }

  async toastButton(text: string, title: string): Promise<void> {
    await this.toast(text).locator(places.button, { hasText: title }).click();
  }

  /** A question that must be answered before anything else. */
  dialog(text: string): Locator {
    return this.page.locator(places.dialog, { hasText: text });
  }

  async dialogButton(title: string): Promise<void> {
    const button = this.page.locator(places.dialog).locator(places.button, { hasText: title });
    await button.click();
    // Another question may follow at once.
    await button.waitFor({ state: 'hidden' });
  }

  async clearToasts(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
  }

  statusItem(text: string): Locator {
    return this.page.locator(places.statusItems, { hasText: text });
  }

  /** Trusts the folder, in the editor that explains trust, and closes that editor. */
  async trustFolder(): Promise<void> {
    const trustEditor = this.page.locator(places.trustEditor);
    await trustEditor.locator(places.button, { hasText: /^Trust$/ }).click();
    await trustEditor.getByText('You trust this folder').waitFor();
    await this.page.locator(places.closeModalEditor).click();
    await trustEditor.waitFor({ state: 'hidden' });
  }

  /** Keeps a picture of the window in a theme of each kind: out/screens/<theme>/<name>.png. */
  async keepPictures(name: string): Promise<void> {
    for (const theme of ['light', 'high-contrast-dark', 'high-contrast-light', 'dark'] as const) {
      await this.showTheme(theme);
      const folder = path.join(projectRoot, 'out/screens', theme);
      mkdirSync(folder, { recursive: true });
      await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
    }
  }

  private async showTheme(theme: ThemeName): Promise<void> {
    const { kind, ...wishes } = themes[theme];
    await this.page.emulateMedia(wishes);
    await this.page.locator(`${places.workbench}.${kind}`).waitFor();
  }
}
