// The clock of a page, set as somebody sets the clock of a phone.

/** Sets the page's clock; runs in the page. (Playwright's own clock takes the timers over too, which the app's own cannot stand.) */
export function setClock(off_ms: number): void {
  const scope = window as unknown as { RealDate?: DateConstructor };
  const Real = (scope.RealDate ??= Date);
  window.Date = class extends Real {
    constructor(...given: []) {
      super(...(given.length > 0 ? given : ([Real.now() + off_ms] as unknown as [])));
    }
    static now(): number {
      return Real.now() + off_ms;
    }
  } as DateConstructor;
}
