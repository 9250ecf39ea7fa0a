from tests.browser import headless, tab, tab_without_scripts

__all__ = ["headless", "tab", "tab_without_scripts"]
