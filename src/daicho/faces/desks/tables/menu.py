"""By which methods a page is asked, and under which heading of the menu it stands."""

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
WINDOW, CHANGES, LETTERS, RUNNING, OWN, INSIDE = "窓口", "異動", "審査・通知", "統計・運用", "自分", ""
