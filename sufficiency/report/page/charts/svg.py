"""Elements of SVG as safe text: whatever comes from a file is escaped, numbers are short."""

from __future__ import annotations

from markupsafe import Markup, escape

from sufficiency.report.content.figure import Figure
from sufficiency.report.content.words import Bare
from sufficiency.report.maps.words import clean

Attribute = str | float | None


def element(name: str, *children: Markup | str, **attributes: Attribute) -> Markup:
    """`<name …>children</name>`; an attribute that is None is left out, `class_` is `class`, `stroke_width` is
    `stroke-width`.
    """
    attributes_text = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _short(value))
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(child if isinstance(child, Markup) else escape(clean(child, 200)) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), attributes_text, inside)  # noqa: S704


def _short(value: str | float) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    words = f"{value:.1f}".removesuffix(".0")
    return "0" if words == "-0" else words


def text(words: str, x: float, y: float, **attributes: Attribute) -> Markup:
    """Words at a point."""
    return element("text", words, x=x, y=y, **attributes)


def printed(shown: Figure | Bare | None, name: str = "tspan", **attributes: Attribute) -> Markup:
    """A figure as text, with the id by which `figures.json` says where it comes from."""
    if shown is None:
        return Markup("")
    figure = shown.figure if isinstance(shown, Bare) else shown
    attributes_text = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _short(value))
        for key, value in attributes.items()
        if value is not None
    )
    return Markup('<{0} data-figure="{1}"{2}>{3}</{0}>').format(Markup(name), figure.id, attributes_text, shown.text)  # noqa: S704


def path_of(points: list[tuple[float, float]]) -> str:
    """A path through points."""
    return "M" + "L".join(f"{_number(x)},{_number(y)}" for x, y in points)


def picture(width: float, height: float, label: str, *children: Markup, class_: str = "chart") -> Markup:
    """A whole drawing, which a screen reader takes for one picture with a label."""
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        aria_label=clean(label, 300),
        class_=class_,
    )
