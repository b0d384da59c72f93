/**
 * In the place of a suite that cannot run on this machine: pending with the reason, and failing where `REQUIRE_DOCKER=1` says that
 * nothing may be left out.
 */
export function describeLeftOut(title: string, needs: string, because: string): void {
  describe(`${title} (needs ${needs}: ${because})`, () => {
    if (process.env["REQUIRE_DOCKER"] === "1") {
      it(`finds ${needs}`, () => {
        throw new Error(`REQUIRE_DOCKER=1, but ${because}`);
      });
    } else {
      it("is left out on this machine");
    }
  });
}
