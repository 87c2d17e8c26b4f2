"""An SVG may draw, and do nothing else: on the newsroom's own address it is a document, not just a picture."""

from base64 import b64encode

import pytest
from support.drawings import NASTY, OPEN, drawing
from support.offices import PIXEL

from comsoc_cli.office.svg import drawing_fault


@pytest.mark.parametrize("case", NASTY)
def test_a_drawing_that_does_more_than_draw_is_named(case: str) -> None:
    data, told = NASTY[case]
    fault = drawing_fault(data)
    assert fault, case
    assert told in str(fault.what)
    assert fault.line >= 1


PICTURE = b64encode(PIXEL).decode()
INKSCAPE = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg width="210mm" height="297mm" viewBox="0 0 210 297" version="1.1" id="svg5" xml:space="preserve"
   inkscape:version="1.2.2 (b0a8486541, 2022-12-01)" sodipodi:docname="escudo.svg"
   inkscape:export-filename="/home/ana/escudo.png" inkscape:export-xdpi="96"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
   xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg"
   xmlns:svg="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
   xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff" bordercolor="#666666" borderopacity="1.0"
     inkscape:pageshadow="2" inkscape:zoom="0.7" inkscape:window-width="1920" showgrid="false">
    <inkscape:grid type="xygrid" id="grid1" /></sodipodi:namedview>
  <metadata id="metadata5"><rdf:RDF><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format>
    <dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage" /><dc:title>Escudo</dc:title>
    <cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/" /></cc:Work></rdf:RDF></metadata>
  <defs id="defs2">
    <linearGradient inkscape:collect="always" id="lg1"><stop style="stop-color:#0f4c5c;stop-opacity:1" offset="0"
       id="stop1" /><stop style="stop-color:#0f4c5c;stop-opacity:0" offset="1" id="stop2" /></linearGradient>
    <radialGradient xlink:href="#lg1" id="rg1" cx="10" cy="10" fx="10" fy="10" r="5"
       gradientUnits="userSpaceOnUse" gradientTransform="matrix(1,0,0,0.5,0,5)" />
    <filter inkscape:label="Blur" style="color-interpolation-filters:sRGB" id="f1" x="-0.1" y="-0.1" width="1.2"
       height="1.2"><feGaussianBlur stdDeviation="2" result="blur" id="fe1" /></filter>
    <clipPath clipPathUnits="userSpaceOnUse" id="cp1"><rect width="9" height="9" x="0" y="0" ry="2" /></clipPath>
    <inkscape:path-effect effect="spiro" id="pe1" is_visible="true" lpeversion="1" />
  </defs>
  <g inkscape:label="Capa 1" inkscape:groupmode="layer" id="layer1" clip-path="url(#cp1)">
    <path style="fill:url(#rg1);stroke:#000;filter:url(#f1);-inkscape-stroke:none;marker-end:none"
       d="m 10,10 h 20 z" id="path1" sodipodi:nodetypes="cccc" inkscape:connector-curvature="0"
       inkscape:path-effect="#pe1" />
    <text xml:space="preserve" x="4" y="9" id="t1" style="font-size:6px;line-height:1.25;font-family:Lato;
       -inkscape-font-specification:'Lato, Bold';white-space:pre;shape-inside:url(#rect1)"><tspan
       sodipodi:role="line" id="ts1" x="4" y="9">Sinaloa &amp; tú</tspan></text>
    <image width="5" height="5" preserveAspectRatio="none" id="im1" x="0" y="0" sodipodi:absref="/home/ana/foto.png"
       xlink:href="data:image/png;base64,{PICTURE[:40]}&#10;{PICTURE[40:]}" />
    <use xlink:href="#path1" x="0" y="0" id="use1" width="100%" height="100%" />
  </g>
</svg>
"""
ILLUSTRATOR = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<svg version="1.1" id="Capa_1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" x="0px"
\t y="0px" viewBox="0 0 595.3 841.9" style="enable-background:new 0 0 595.3 841.9;" xml:space="preserve">
<style type="text/css"><![CDATA[
\t.st0{clip-path:url(#SVGID_00000021830461);}
\t.st1{fill:#0F4C5C;stroke:#FFFFFF;stroke-miterlimit:10;}
\t.st2{font-family:'MyriadPro-Regular';mix-blend-mode:multiply;}
]]></style>
<g data-name="Imagen (2)"><defs><rect id="SVGID_1_" width="10" height="10"/></defs>
<clipPath id="SVGID_00000021830461"><use xlink:href="#SVGID_1_"  style="overflow:visible;"/></clipPath>
<text transform="matrix(1 0 0 1 20 30)" class="st1 st2" font-size="12px">Gobierno</text></g>
</svg>
"""
ILLUSTRATOR_NOTES = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:x="http://ns.adobe.com/Extensibility/1.0/" xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/"
  xmlns:graph="http://ns.adobe.com/Graphs/1.0/" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" x="0px" y="0px">
<metadata><sfw xmlns="http://ns.adobe.com/SaveForWeb/1.0/"><slices/><sliceSourceBounds width="9" height="9"/></sfw>
<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Adobe Illustrator"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?></metadata>
<switch><g i:extraneous="self"><path fill="none" stroke="#000" d="M0,0h9"/></g></switch></svg>"""
HARMLESS: dict[str, str] = {
    "Inkscape": INKSCAPE,
    "Illustrator": ILLUSTRATOR,
    "Illustrator, with its notes and a document type": ILLUSTRATOR_NOTES,
    "CorelDRAW": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<!-- Creator: CorelDRAW 2019 (64-Bit) -->
<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="9mm" height="9mm" version="1.1"
style="shape-rendering:geometricPrecision; text-rendering:geometricPrecision; fill-rule:evenodd; clip-rule:evenodd"
viewBox="0 0 900 900" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xodm="http://www.corel.com/coreldraw/odm/2003">
 <defs><style type="text/css"><![CDATA[ .fil0 {fill:#2B2A29;fill-rule:nonzero} ]]></style></defs>
 <g id="Capa_x0020_1"><metadata id="CorelCorpID_0Corel-Layer"/><path class="fil0" d="M1 1h9z"/></g></svg>""",
    "Graphviz": """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg width="62pt" height="116pt" viewBox="0.00 0.00 62.00 116.00" xmlns="http://www.w3.org/2000/svg">
<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 112)"><title>%0</title>
<polygon fill="white" stroke="transparent" points="-4,4 -4,-112 58,-112 58,4 -4,4"/>
<ellipse fill="none" stroke="black" cx="27" cy="-90" rx="27" ry="18"/>
<text text-anchor="middle" x="27" y="-86.3" font-family="Times,serif" font-size="14.00">a</text></g></svg>""",
    "matplotlib": """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="460pt" height="345pt" xmlns="http://www.w3.org/2000/svg">
 <metadata><rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><cc:Work>
  <dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/><dc:date>2026-11-23T10:00:00</dc:date>
  </cc:Work></rdf:RDF></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>
 <g id="line2d_1"><use xlink:href="#m3b" x="57.6" y="307.5" style="stroke: #000000; stroke-width: 0.8"/></g></svg>""",
    "Figma": """<svg width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg">
<g filter="url(#filter0_d)" style="mix-blend-mode:multiply"><rect width="9" height="9" rx="2" fill="#D9D9D9"/></g>
<mask id="mask0" mask-type="alpha" maskUnits="userSpaceOnUse" x="0" y="0" width="9" height="9"/>
<defs><filter id="filter0_d" x="0" y="0" width="9" height="9" filterUnits="userSpaceOnUse"
color-interpolation-filters="sRGB"><feFlood flood-opacity="0" result="BackgroundImageFix"/>
<feColorMatrix in="SourceAlpha" type="matrix" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 127 0"/>
<feOffset dy="4"/><feGaussianBlur stdDeviation="2"/><feBlend mode="normal" in2="x" result="s"/></filter>
<pattern id="p" patternContentUnits="objectBoundingBox" width="1" height="1"><use href="#im"/></pattern>
<image id="im" width="9" height="9" href="data:image/jpeg;base64,/9j/4AAQ"/></defs></svg>""",
    "Sketch": """<?xml version="1.0" encoding="UTF-8"?>
<svg width="9px" height="9px" viewBox="0 0 9 9" version="1.1" xmlns="http://www.w3.org/2000/svg"
 xmlns:sketch="http://www.bohemiancoding.com/sketch/ns"><!-- Generator: Sketch 52.6 (67491) -->
<title>escudo</title><desc>Created with Sketch.</desc><g id="Page-1" stroke="none" sketch:type="MSPage">
<polygon points="0 0 9 0 9 9"></polygon></g></svg>""",
    "LibreOffice": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>
<svg version="1.2" width="9mm" height="9mm" viewBox="0 0 900 900" preserveAspectRatio="xMidYMid"
 fill-rule="evenodd" stroke-width="28.222" stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg"
 xmlns:ooo="http://xml.openoffice.org/svg/export" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:smil="http://www.w3.org/2001/SMIL20/" xml:space="preserve"><defs>
 <font id="EmbeddedFont_1" horiz-adv-x="2048"><font-face font-family="Lato embedded" units-per-em="2048"
 font-weight="bold" font-style="normal" ascent="1824" descent="443"/><missing-glyph horiz-adv-x="2048" d="M 0,0 Z"/>
 <glyph unicode="a" horiz-adv-x="1100" d="M 1 1 Z"/></font></defs><g class="com.sun.star.drawing.CustomShape"
 ooo:slide="id1"><text class="SVGTextShape"><tspan class="TextParagraph" font-family="Lato, sans-serif"
 font-size="635px" font-weight="400"><tspan class="TextPosition" x="9" y="9"><tspan fill="rgb(0,0,0)"
 stroke="none">Hola</tspan></tspan></tspan></text></g></svg>""",
    "a chart of a web page": """<svg version="1.1" class="chart-root" style="font-family:&quot;Open Sans&quot;, Arial;
 font-size:12px" xmlns="http://www.w3.org/2000/svg" width="600" height="400" role="img" aria-label="Becas por año"
 tabindex="-1" focusable="false"><desc>Created with Highcharts 8.1.2</desc>
<style>@media (max-width: 600px) { .a { display: none } } .b:hover { opacity: .5; cursor: pointer }</style>
<defs><clipPath id="c1"><rect x="0" y="0" width="9" height="9" fill="none"/></clipPath></defs>
<g class="s" data-z-index="0.1" clip-path="url('#c1')"><path fill="none" d="M 1 1 L 9 9" stroke-linejoin="round"
 stroke-dasharray="2,2" opacity="1" transform="translate(1,1) scale(1 1)"/></g>
<text x="9" text-anchor="middle" textLength="20" lengthAdjust="spacingAndGlyphs" style="font:bold 11px 'Arial'">48 mil:
 año</text></svg>""",
    "by hand, under a prefix": """<s:svg xmlns:s="http://www.w3.org/2000/svg" width="9" height="9"
 viewBox="0 0 9 9"><s:a href="#b"><s:circle id="b" r="9" fill="#0f4c5c"/></s:a></s:svg>""",
    "with a mark at its beginning": "\ufeff" + OPEN + '<text direction="rtl" lang="es">¡Ya! &lt;3 &#241;</text></svg>',
}


@pytest.mark.parametrize("program", HARMLESS)
def test_a_drawing_as_programs_save_it_is_used(program: str) -> None:
    text = HARMLESS[program]
    data = text.encode("iso-8859-1" if 'encoding="iso-8859-1"' in text else "utf-8")
    assert drawing_fault(data) is None


def test_the_line_of_the_file_is_told() -> None:
    fault = drawing_fault(drawing("<g>\n<path onclick='a()'/></g>"))
    assert fault
    assert fault.line == 3


def test_a_script_far_down_is_found() -> None:
    assert drawing_fault(NASTY["a script"][0].replace(b"<script", b" " * 6_000_000 + b"<script"))
