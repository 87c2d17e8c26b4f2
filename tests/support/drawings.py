"""SVG drawings, harmless and not."""

import codecs

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40">'
XHTML = 'xmlns:h="http://www.w3.org/1999/xhtml"'


def drawing(inside: str, before: str = "") -> bytes:
    return f"{before}{OPEN}\n{inside}\n</svg>".encode()


#: What each would do, the file, and the words that name the place.
NASTY: dict[str, tuple[bytes, str]] = {
    "a script": (drawing("<script>alert(1)</script>"), "<script>"),
    "a script under a prefix": (
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>alert(1)</s:script></s:svg>',
        "<script>",
    ),
    "a script of XHTML": (drawing(f"<h:script {XHTML}>alert(1)</h:script>"), "<script>"),
    "a script of XHTML by its default namespace": (
        drawing('<g><script xmlns="http://www.w3.org/1999/xhtml" src="https://x.example/a.js"/></g>'),
        "<script>",
    ),
    "a script within notes": (drawing(f"<metadata><h:script {XHTML}>alert(1)</h:script></metadata>"), "<script>"),
    "a script by reference": (drawing('<script xlink:href="data:text/javascript,alert(1)"/>'), "<script>"),
    "a page within": (drawing(f'<h:iframe {XHTML} src="https://x.example"/>'), "<iframe>"),
    "foreign objects": (drawing(f"<foreignObject><h:body {XHTML}>x</h:body></foreignObject>"), "<foreignObject>"),
    "an object within": (drawing(f'<h:embed {XHTML} src="https://x.example"/>'), "<embed>"),
    "an event": (drawing('<circle r="9" onload="alert(1)"/>'), "onload"),
    "an event in capitals": (drawing('<circle r="9" OnClick="alert(1)"/>'), "OnClick"),
    "an event after a line's end": (drawing('<circle r="9"\nonmouseover\n=\n"alert(1)"/>'), "onmouseover"),
    "an event under a prefix": (
        drawing('<circle xmlns:s="http://www.w3.org/2000/svg" r="9" s:onload="alert(1)"/>'),
        "onload",
    ),
    "an event of the root": (OPEN.replace("<svg", '<svg onload="alert(1)"').encode() + b"</svg>", "onload"),
    "a reference set later": (drawing('<a><set attributeName="href" to="javascript:alert(1)"/></a>'), "<set>"),
    "a reference animated": (
        drawing('<a><animate attributeName="xlink:href" values="javascript:alert(1)"/></a>'),
        "<animate>",
    ),
    "movement": (drawing('<g><animateMotion path="M0 0h9"/></g>'), "<animateMotion>"),
    "a handler": (drawing('<handler type="text/ecmascript">alert(1)</handler>'), "<handler>"),
    "a listener": (drawing('<e:listener xmlns:e="http://www.w3.org/2001/xml-events" handler="#a"/>'), "<listener>"),
    "a link that acts": (drawing('<a href="javascript:alert(1)"><circle r="9"/></a>'), "javascript:"),
    "a link that acts, in disguise": (drawing('<a xlink:href=" java&#10;script:alert(1)"><path/></a>'), "script:"),
    "a link to a page within it": (drawing('<a href="data:text/html,&lt;b>hola"><path/></a>'), "data:text/html"),
    "a link elsewhere": (drawing('<a href="https://x.example/"><path d="M0 0h9"/></a>'), "https://x.example/"),
    "a picture elsewhere": (drawing('<image href="https://x.example/t.png"/>'), "https://x.example/t.png"),
    "a picture elsewhere, without a scheme": (drawing('<image xlink:href="//x.example/t.png"/>'), "//x.example"),
    "a picture beside it": (drawing('<image href="foto.png"/>'), "foto.png"),
    "a drawing within it": (drawing('<image href="data:image/svg+xml,&lt;svg/>"/>'), "data:image/svg+xml"),
    "parts of another drawing": (drawing('<use href="otro.svg#a"/>'), "otro.svg#a"),
    "parts of another drawing, within it": (drawing('<use xlink:href="data:image/png;base64,AA#a"/>'), "data:image"),
    "a filter that fetches": (drawing('<filter><feImage href="https://x.example/t"/></filter>'), "x.example"),
    "a colour from elsewhere": (drawing('<path fill="url(https://x.example/a.svg#b)"/>'), "x.example"),
    "a style that imports": (drawing("<style>@import 'https://x.example/a.css';</style>"), "@import"),
    "a style that imports, in disguise": (drawing(r"<style>@\69mport 'https://x.example/a.css';</style>"), "@import"),
    "a style that fetches": (drawing("<style>a{background:url( 'https://x.example/t' )}</style>"), "x.example"),
    "a style that fetches, in disguise": (drawing(r'<path style="fill:\75 r\6C(//x.example/t)"/>'), "x.example"),
    "a style that fetches, between two comments": (
        drawing("""<style>a{font-family:"/*"} b{fill:url(//x.example/t)} c{font-family:"*/"}</style>"""),
        "x.example",
    ),
    "a style that fetches a set": (drawing("<style>a{fill:image-set('//x.example' 1x)}</style>"), "image-set"),
    "a style with a font from elsewhere": (
        drawing("<style>@font-face{font-family:a;src:url(//x.example/f)}</style>"),
        "x.example",
    ),
    "a style that binds": (drawing('<path style="-moz-binding:none"/>'), "-moz-binding"),
    "a style of XHTML": (drawing(f"<h:style {XHTML}>@import '//x.example'</h:style>"), "<style>"),
    "a style sheet by reference": (drawing(f'<h:link {XHTML} rel="stylesheet" href="//x.example"/>'), "<link>"),
    "a style sheet by instruction": (
        drawing("<path/>", '<?xml-stylesheet href="https://x.example/a.xsl" type="text/xsl"?>'),
        "<?xml-stylesheet?>",
    ),
    "an instruction for other programs": (drawing("<?php echo 1 ?>"), "<?php?>"),
    "another base": (drawing('<g xml:base="https://x.example/"><use href="#a"/></g>'), "base"),
    "an entity": (drawing("<text>&a;</text>", '<!DOCTYPE svg [<!ENTITY a "hola">]>'), "DTD"),
    "an entity with a script": (
        drawing(
            "&a;", "<!DOCTYPE svg [<!ENTITY a '&#60;script xmlns=\"http://www.w3.org/2000/svg\">1&#60;/script>'>]>"
        ),
        "DTD",
    ),
    "a file of the machine": (drawing("<text>&a;</text>", '<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/passwd">]>'), "DTD"),
    "entities without end": (
        drawing("<text>&b;</text>", '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
        "DTD",
    ),
    "attributes by declaration": (
        drawing("<path/>", '<!DOCTYPE svg [<!ATTLIST path onclick CDATA "alert(1)">]>'),
        "DTD",
    ),
    "a document type elsewhere": (drawing("<path/>", '<!DOCTYPE svg SYSTEM "https://x.example/a.dtd">'), "DTD"),
    "an entity of nobody": (
        drawing(
            "<text>&a;</text>",
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        ),
        "DTD",
    ),
    "letters of two bytes": (drawing("<script>alert(1)</script>").decode().encode("utf-16"), "UTF-16"),
    "letters of two bytes without a mark": (codecs.encode(drawing("<path/>").decode(), "utf-16-le"), "UTF-16"),
    "letters in disguise": (
        b'<?xml version="1.0" encoding="UTF-7"?>' + drawing("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
        "UTF-7",
    ),
    "letters of a mainframe": (b'<?xml version="1.0" encoding="cp037"?>' + drawing("<path/>"), "cp037"),
    "a page": (b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>", "<html>"),
    "a page by its namespace": (b'<svg xmlns="http://www.w3.org/1999/xhtml"/>', "<svg>"),
    "an unknown element": (drawing("<marquee>hola</marquee>"), "<marquee>"),
    "an unknown attribute": (drawing('<path formaction="x"/>'), "formaction"),
    "an element of mathematics": (drawing('<m:mi xmlns:m="http://www.w3.org/1998/Math/MathML">x</m:mi>'), "<mi>"),
    "half of a file": (OPEN.encode() + b"<path", "damaged"),
    "a script behind which the file breaks": (drawing("<g><path></g>"), "damaged"),
    "nothing": (b"", "damaged"),
}
