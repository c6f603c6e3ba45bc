export function activate(): void {
  // Filled in with the views.
}
