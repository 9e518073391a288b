"""A person who has no mouse: Tab, Enter, the blank, letters and arrows, and what he sees of the focus."""

from playwright.sync_api import Locator, Page

MOST_TABS = 150
# An outline or a ring of shadow, on the element or on the frame around it.
SHOWS_FOCUS = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return false;
  const isMarked = (each) => {
    const style = getComputedStyle(each);
    const hasOutline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return hasOutline || (style.boxShadow !== 'none' && each.matches(':focus-within'));
  };
  return isMarked(element) || isMarked(element.closest('label') || element);
}
"""


class Keyboard:
    """The keyboard of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Press Tab until the focus is on an element, which then must be seen to have it."""
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                assert self.page.evaluate(SHOWS_FOCUS), f"nobody sees the focus on {target}"
                return
            self.page.keyboard.press("Tab")
        message = f"{MOST_TABS} times Tab do not lead to {target}"
        raise AssertionError(message)

    def press(self, target: Locator) -> None:
        """Go to a link or button and press Enter; waits for the page that follows, if one does."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def follow(self, target: Locator) -> None:
        """Press a link or button that leads to another page."""
        before = self.page.evaluate("() => performance.timeOrigin")
        self.press(target)
        self.page.wait_for_function(
            "before => performance.timeOrigin !== before && document.readyState === 'complete'",
            arg=before,
        )

    def write(self, label: str, text: str) -> None:
        """Go to a field and type over what it holds."""
        self.reach(self.page.get_by_label(label, exact=False).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, target: Locator) -> None:
        """Go to a box or a circle and press the blank."""
        self.reach(target)
        self.page.keyboard.press("Space")

    def type(self, text: str) -> None:
        """Type letters, one key after the other."""
        for letter in text:
            self.page.keyboard.press(letter)
