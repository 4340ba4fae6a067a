"""What a counter may search the register for: the purposes, and the articles on which they rest."""

REGISTRY_PURPOSES: tuple[tuple[str, str], ...] = (
    ("notice", "異動届の受付"),
    ("copy", "住民票の写し等の交付"),
    ("verify", "入力内容の審査"),
    ("investigation", "職権による記載・調査"),
    ("disclosure", "本人からの開示請求への対応"),
    ("correction", "記載事項の修正"),
)
REGISTRY_BASES: tuple[tuple[str, str], ...] = (
    ("法22条", "住民基本台帳法 第22条（転入届）"),
    ("法23条", "住民基本台帳法 第23条（転居届）"),
    ("法24条", "住民基本台帳法 第24条（転出届）"),
    ("法25条", "住民基本台帳法 第25条（世帯変更届）"),
    ("法8条", "住民基本台帳法 第8条（職権による記載等）"),
    ("法12条", "住民基本台帳法 第12条（写しの交付請求）"),
    ("法14条", "住民基本台帳法 第14条（正確な記録の確保）"),
    ("法30条の32", "住民基本台帳法 第30条の32（自己の本人確認情報の開示）"),
)
