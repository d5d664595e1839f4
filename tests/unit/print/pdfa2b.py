#!/usr/bin/env python3
"""pdfa2b.py FILE...: what a PDF has against ISO 19005-2, level b, of what our documents touch; each with its clause.

Debian has no validator. This one reads the file's objects as qpdf gives them (JSON, version 2) and its bytes, and looks
at every clause that a document without forms, annotations, files and layers can break. Not looked at: the widths inside
CFF programs (6.2.11.5), which cairo copies from the font that it sets with."""
import base64
import json
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET

NS = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/", "dc": "http://purl.org/dc/elements/1.1/",
      "xmp": "http://ns.adobe.com/xap/1.0/", "pdf": "http://ns.adobe.com/pdf/1.3/",
      "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
OPERATORS = set("b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q "
                "re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split())
BLEND = set("/Normal /Compatible /Multiply /Screen /Overlay /Darken /Lighten /ColorDodge /ColorBurn /HardLight /SoftLight "
            "/Difference /Exclusion /Hue /Saturation /Color /Luminosity".split())
ACTIONS = set("/Launch /Sound /Movie /ResetForm /ImportData /JavaScript /Hide /SetOCGState /Rendition /Trans "
              "/GoTo3DView".split())
TOKEN = re.compile(rb"%[^\r\n]*|\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|[\[\]]|/[^\s()<>\[\]{}/%]*|[^\s()<>\[\]{}/%]+", re.S)


class Pdf:
    def __init__(self, path):
        self.bytes = open(path, "rb").read()
        text = subprocess.run(["qpdf", "--json", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=generalized", path],
                              capture_output=True).stdout
        self.objects = json.loads(text)["qpdf"][1]
        self.trailer = self.objects["trailer"]["value"]

    def get(self, value):
        """The value, through a reference; of a stream its dictionary."""
        while isinstance(value, str) and re.fullmatch(r"\d+ \d+ R", value):
            found = self.objects.get("obj:" + value, {})
            value = found["stream"]["dict"] if "stream" in found else found.get("value")
        return value

    def data(self, reference):
        stream = self.objects["obj:" + reference]["stream"]
        return base64.b64decode(stream.get("data", ""))

    def values(self):
        """Every object, with every value that stands in it."""
        def inside(value):
            yield value
            for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
                yield from inside(one)
        for name, found in self.objects.items():
            top = found["stream"]["dict"] if "stream" in found else found.get("value")
            for value in inside(top):
                yield name, value

    def pages(self, node=None):
        node = self.get(node if node is not None else self.get(self.trailer["/Root"])["/Pages"])
        if node.get("/Type") == "/Page":
            return [node]
        return [page for kid in self.get(node["/Kids"]) for page in self.pages(kid)]


def string(value):
    return value[2:] if isinstance(value, str) and value.startswith("u:") else value


def check(path):
    pdf, found = Pdf(path), []

    def must(holds, clause, what):
        if not holds:
            found.append(f"{clause}: {what}")

    root, raw = pdf.get(pdf.trailer["/Root"]), pdf.bytes
    # -- the file
    must(re.match(rb"%PDF-1\.[0-7][\r\n]", raw), "6.1.2", "the header is not %PDF-1.n at the first byte")
    second = re.split(rb"[\r\n]+", raw[:200])[1]
    must(second[:1] == b"%" and len([b for b in second[1:5] if b > 127]) == 4, "6.1.2", "no comment of four high bytes follows")
    must(re.search(rb"%%EOF(\r\n|\r|\n)?\Z", raw), "6.1.3", "something stands behind the last %%EOF")
    must("/ID" in pdf.trailer and len(pdf.trailer["/ID"]) == 2, "6.1.3", "the trailer has no /ID")
    must(b"/Encrypt" not in raw and "/Encrypt" not in pdf.trailer, "6.1.3", "it is encrypted")
    must(len(pdf.objects) <= 8388607, "6.1.13", "too many objects")
    for name, value in pdf.values():
        if isinstance(value, dict):
            must(all(len(key.encode()) <= 128 for key in value), "6.1.8", f"{name}: a name is too long")
            if value.get("/S") in ACTIONS and "/Type" not in value:
                must(False, "6.5.1", f"{name}: the action {value['/S']}")
            must("/AA" not in value, "6.5.2", f"{name}: additional actions")
            must(value.get("/Type") not in ("/Filespec", "/EmbeddedFile"), "6.8", f"{name}: an embedded file")
        elif isinstance(value, str) and value.startswith("/"):
            must(len(value.encode()) <= 128, "6.1.8", f"{name}: a name is too long")
        elif isinstance(value, str) and value.startswith(("u:", "b:")):
            must(len(value) <= 32769, "6.1.13", f"{name}: a string is too long")
        elif isinstance(value, int) and not isinstance(value, bool):
            must(-2147483648 <= value <= 2147483647, "6.1.13", f"{name}: an integer is too large")
    for name, one in pdf.objects.items():
        if "stream" not in one:
            continue
        words = one["stream"]["dict"]
        must(not {"/F", "/FFilter", "/FDecodeParms"} & set(words), "6.1.7.1", f"{name}: a stream outside of the file")
        filters = words.get("/Filter", [])
        for each in filters if isinstance(filters, list) else [filters]:
            must(each not in ("/LZWDecode", "/Crypt"), "6.1.7.2", f"{name}: the filter {each}")
    # -- the catalog
    for key, clause in {"/OCProperties": "6.9", "/Requirements": "6.11", "/Perms": "6.1.12", "/AcroForm": "6.4", "/OpenAction": "6.5.1"}.items():
        must(key not in root, clause, f"the catalog has {key}")
    names = pdf.get(root.get("/Names", {})) or {}
    must("/JavaScript" not in names, "6.5.1", "there are scripts")
    must("/EmbeddedFiles" not in names, "6.8", "there are files in it")
    must("/AlternatePresentations" not in names, "6.10", "there are alternate presentations")
    colours = check_intent(pdf, root, must)
    check_metadata(pdf, root, must)
    for number, page in enumerate(pdf.pages(), 1):
        check_page(pdf, page, f"page {number}", colours, must)
    for name, value in pdf.values():
        if isinstance(value, dict):
            check_object(pdf, name, value, must)
    return found


def check_intent(pdf, root, must):
    """6.2.3; the colour spaces of devices that it covers."""
    intents = [pdf.get(one) for one in pdf.get(root.get("/OutputIntents", []))]
    own = [one for one in intents if one.get("/S") == "/GTS_PDFA1"]
    must(len(own) == 1, "6.2.3", "there is no OutputIntent of PDF/A")
    if not own or "/DestOutputProfile" not in own[0]:
        must(not own, "6.2.3", "the OutputIntent has no profile")
        return set()
    reference = own[0]["/DestOutputProfile"]
    profile, n = pdf.data(reference), pdf.get(reference).get("/N")
    must(len(profile) >= 128 and struct.unpack(">I", profile[:4])[0] == len(profile), "6.2.3", "the ICC profile is cut")
    must(profile[36:40] == b"acsp", "6.2.3", "the ICC profile is none")
    must(profile[8] <= 4, "6.2.3", "the ICC profile is newer than version 4")
    must(profile[12:16] in (b"mntr", b"prtr"), "6.2.3", "the ICC profile is of no screen or printer")
    space = {b"RGB ": ("/DeviceRGB", 3), b"GRAY": ("/DeviceGray", 1), b"CMYK": ("/DeviceCMYK", 4)}.get(profile[16:20])
    must(space is not None and n == space[1], "6.2.3", "/N is not that of the ICC profile")
    return {"/DeviceGray", space[0] if space else None}


def check_metadata(pdf, root, must):
    """6.6: the XMP packet, what it says of PDF/A, and that the old dictionary says the same."""
    reference = root.get("/Metadata")
    must(reference is not None and pdf.get(reference).get("/Type") == "/Metadata" and pdf.get(reference).get("/Subtype") == "/XML",
         "6.6.2.1", "the catalog has no metadata stream")
    if reference is None:
        return
    packet = pdf.data(reference).decode("utf-8")
    head = re.match(r"\ufeff?\s*<\?xpacket ([^?]*)\?>", packet) or re.match(r'<\?xpacket (.*?)\?>', packet)
    must(head is not None, "6.6.2.1", "the packet has no header")
    if head:
        must("bytes=" not in head[1] and "encoding=" not in head[1], "6.6.2.1", "the packet's header has bytes or encoding")
    rdf = ET.fromstring(re.sub(r"<\?xpacket.*?\?>", "", packet, flags=re.S).lstrip("\ufeff").strip()).find("rdf:RDF", NS)

    def said(name):
        prefix, local = name.split(":")
        key = f"{{{NS[prefix]}}}{local}"
        for about in rdf.findall("rdf:Description", NS):
            if key in about.attrib:
                return about.attrib[key]
            element = about.find(key)
            if element is not None:
                item = element.find(".//rdf:li", NS)
                return item.text if item is not None else element.text
        return None

    must(said("pdfaid:part") == "2", "6.6.4", "pdfaid:part is not 2")
    must(said("pdfaid:conformance") in ("A", "B", "U"), "6.6.4", "pdfaid:conformance is neither A, B nor U")
    info = pdf.get(pdf.trailer.get("/Info", {})) or {}
    for key, name in {"/Title": "dc:title", "/Author": "dc:creator", "/Subject": "dc:description", "/Creator": "xmp:CreatorTool",
                      "/Producer": "pdf:Producer"}.items():
        if key in info:
            must((string(info[key]) or "") == (said(name) or ""), "6.6.3", f"{key} and {name} differ: {string(info[key])!r}, {said(name)!r}")
    for key, name in {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}.items():
        if key in info:
            must(re.sub(r"\D", "", string(info[key]))[:14] == re.sub(r"\D", "", said(name) or "")[:14], "6.6.3", f"{key} and {name} differ")


def check_page(pdf, page, where, colours, must):
    must("/Resources" in page, "6.2.2", f"{where}: resources are inherited")
    must(not pdf.get(page.get("/Annots", [])), "6.3", f"{where}: annotations")
    must("/PresSteps" not in page, "6.10", f"{where}: presentation steps")
    left, low, right, high = pdf.get(page["/MediaBox"])
    must(3 <= right - left <= 14400 and 3 <= high - low <= 14400, "6.1.13", f"{where}: too small or too large")
    contents = page.get("/Contents", [])
    streams = contents if isinstance(contents, list) else [contents]
    resources = pdf.get(page.get("/Resources", {}))
    check_content(pdf, b"\n".join(pdf.data(one) for one in streams), resources, where, colours, must)
    group = pdf.get(page.get("/Group", {})) or {}
    must(pdf.get(group.get("/CS", "/DeviceRGB")) in colours, "6.2.10", f"{where}: the group's colours have no profile")


def check_content(pdf, data, resources, where, colours, must, depth=0):
    """Operators, colours, nesting, the glyphs that are shown; forms within it too."""
    kinds = {kind: pdf.get(resources.get(kind, {})) or {} for kind in ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading")}
    stack, nesting, deepest, font = [], 0, 0, None
    must(b"\nBI" not in data and b" BI " not in data, "6.2.8", f"{where}: an inline image, which is not looked into")
    for match in TOKEN.finditer(data):
        token = match.group().decode("latin-1")
        if token.startswith(("/", "(", "<", "[", "]", "%")) or re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", token) or token in ("true", "false", "null", ">>"):
            stack.append(token)
            continue
        must(token in OPERATORS, "6.2.2", f"{where}: the operator {token!r}")
        if token == "q":
            nesting += 1
            deepest = max(deepest, nesting)
        elif token == "Q":
            nesting -= 1
        elif token in ("rg", "RG"):
            must("/DeviceRGB" in colours, "6.2.4.3", f"{where}: DeviceRGB without a profile")
        elif token in ("g", "G"):
            must("/DeviceGray" in colours, "6.2.4.3", f"{where}: DeviceGray without a profile")
        elif token in ("k", "K"):
            must("/DeviceCMYK" in colours, "6.2.4.3", f"{where}: DeviceCMYK without a profile")
        elif token in ("cs", "CS") and stack and stack[-1].startswith("/Device"):
            must(stack[-1] in colours, "6.2.4.3", f"{where}: {stack[-1]} without a profile")
        elif token == "ri":
            must(stack[-1] in ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"), "6.2.6", f"{where}: the intent {stack[-1]}")
        elif token == "Tf":
            name = [one for one in stack if one.startswith("/")][-1]
            must(name in kinds["/Font"], "6.2.2", f"{where}: the font {name} is no resource")
            font = pdf.get(kinds["/Font"].get(name))
        elif token in ("Tj", "TJ", "'", '"') and font and font.get("/Subtype") == "/Type0":
            for text in (one for one in stack if one.startswith("<") and one != "<<"):
                digits = re.sub(r"[<>\s]", "", text)
                codes = [digits[i:i + 4] for i in range(0, len(digits), 4)]
                must("0000" not in codes, "6.2.11.8", f"{where}: .notdef is shown")
        elif token == "Do":
            must(stack[-1] in kinds["/XObject"], "6.2.2", f"{where}: {stack[-1]} is no resource")
            reference = kinds["/XObject"].get(stack[-1])
            form = pdf.get(reference) or {}
            if form.get("/Subtype") == "/Form" and depth < 8:
                inner = pdf.get(form.get("/Resources", {})) or {}
                check_content(pdf, pdf.data(reference), inner, f"{where} {stack[-1]}", colours, must, depth + 1)
        elif token == "gs":
            must(stack[-1] in kinds["/ExtGState"], "6.2.2", f"{where}: {stack[-1]} is no resource")
        stack = []
    must(nesting == 0, "6.2.2", f"{where}: q and Q are no pairs")
    must(deepest + depth <= 28, "6.1.13", f"{where}: q goes {deepest} deep")
    for space in kinds["/ColorSpace"].values():
        value = pdf.get(space)
        must(not isinstance(value, str) or not value.startswith("/Device") or value in colours, "6.2.4.3", f"{where}: {value} without a profile")


def check_object(pdf, name, value, must):
    kind, subtype = value.get("/Type"), value.get("/Subtype")
    if kind == "/ExtGState" or "/BM" in value or "/SMask" in value and kind != "/XObject":
        must("/TR" not in value and value.get("/TR2", "/Default") == "/Default", "6.2.5", f"{name}: a transfer function")
        must("/HTP" not in value, "6.2.5", f"{name}: /HTP")
        modes = value.get("/BM", "/Normal")
        must(all(one in BLEND for one in (modes if isinstance(modes, list) else [modes])), "6.2.10", f"{name}: the blend mode {modes}")
    if subtype == "/Image":
        must(value.get("/Interpolate", False) is False, "6.2.8", f"{name}: /Interpolate")
        must(not {"/Alternates", "/OPI"} & set(value), "6.2.8", f"{name}: alternates or OPI")
        must(value.get("/BitsPerComponent", 1) in (1, 2, 4, 8, 16), "6.2.8", f"{name}: bits of a component")
        must(value.get("/ColorSpace") in (None, "/DeviceRGB", "/DeviceGray") or value.get("/ImageMask") or isinstance(pdf.get(value["/ColorSpace"]), list),
             "6.2.4.3", f"{name}: {value.get('/ColorSpace')} without a profile")
    if subtype == "/Form" and kind == "/XObject" or subtype == "/PS":
        must(not {"/OPI", "/PS", "/Ref"} & set(value) and value.get("/Subtype2") != "/PS" and subtype != "/PS", "6.2.9", f"{name}: PostScript, OPI or a reference")
    if kind == "/Font":
        check_font(pdf, name, value, must)


def check_font(pdf, name, font, must):
    subtype = font.get("/Subtype")
    must(subtype in ("/Type0", "/Type1", "/MMType1", "/TrueType", "/Type3", "/CIDFontType0", "/CIDFontType2"), "6.2.11.2", f"{name}: a font of {subtype}")
    if subtype == "/Type0":
        inner = pdf.get(pdf.get(font["/DescendantFonts"])[0])
        must(font["/Encoding"] in ("/Identity-H", "/Identity-V") or not isinstance(font["/Encoding"], str) or " R" in font["/Encoding"],
             "6.2.11.3.3", f"{name}: the CMap {font['/Encoding']} is not embedded")
        must("/ToUnicode" in font, "6.2.11.7", f"{name}: no ToUnicode")
        must({"/Registry", "/Ordering"} <= set(pdf.get(inner.get("/CIDSystemInfo", {})) or {}), "6.2.11.3.1", f"{name}: no CIDSystemInfo")
        return
    if subtype == "/CIDFontType2":
        must("/CIDToGIDMap" in font, "6.2.11.3.2", f"{name}: no CIDToGIDMap")
    if subtype == "/Type3":
        return
    descriptor = pdf.get(font.get("/FontDescriptor", {})) or {}
    programs = [key for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in descriptor]
    must(len(programs) == 1, "6.2.11.4.1", f"{name}: {string(font.get('/BaseFont'))} is not embedded")
    if programs == ["/FontFile3"]:
        must(pdf.get(descriptor["/FontFile3"]).get("/Subtype") in ("/Type1C", "/CIDFontType0C", "/OpenType"), "6.2.11.2", f"{name}: the program's kind")
    if "/CIDSet" in descriptor:
        check_cid_set(pdf, name, font, descriptor, must)
    if programs == ["/FontFile2"]:
        check_widths(pdf, name, font, pdf.data(descriptor["/FontFile2"]), must)


def check_cid_set(pdf, name, font, descriptor, must):
    """6.2.11.4.2: if it is there, it names every CID that the program has."""
    bits = pdf.data(descriptor["/CIDSet"])
    named = {cid for cid in range(len(bits) * 8) if bits[cid // 8] & 0x80 >> cid % 8}
    for cid, _ in widths_of(pdf, font):
        must(cid in named, "6.2.11.4.2", f"{name}: /CIDSet lacks {cid}")


def widths_of(pdf, font):
    """(CID or code, width) of /W or /Widths."""
    array = pdf.get(font.get("/W", []))
    at = 0
    while at < len(array):
        second = pdf.get(array[at + 1])
        if isinstance(second, list):
            yield from ((array[at] + i, width) for i, width in enumerate(second))
            at += 2
        else:
            yield from ((cid, array[at + 2]) for cid in range(array[at], second + 1))
            at += 3


def check_widths(pdf, name, font, program, must):
    """6.2.11.5, of TrueType with CIDs that are glyphs: /W is what hmtx says, to a thousandth of an em."""
    tables = {}
    for i in range(struct.unpack(">H", program[4:6])[0]):
        tag, _, offset, length = struct.unpack(">4sIII", program[12 + 16 * i:28 + 16 * i])
        tables[tag] = program[offset:offset + length]
    must({b"head", b"hhea", b"hmtx", b"maxp", b"glyf", b"loca"} <= set(tables), "6.2.11.4.1", f"{name}: the TrueType program lacks tables")
    if font.get("/Subtype") != "/CIDFontType2" or b"hmtx" not in tables:
        return
    em, metrics = struct.unpack(">H", tables[b"head"][18:20])[0], struct.unpack(">H", tables[b"hhea"][34:36])[0]
    for cid, width in widths_of(pdf, font):
        place = 4 * min(cid, metrics - 1)
        own = struct.unpack(">H", tables[b"hmtx"][place:place + 2])[0] * 1000 / em
        must(abs(own - width) <= 1, "6.2.11.5", f"{name}: the width of {cid} is {width}, not {own:.1f}")


def main():
    wrong = 0
    for path in sys.argv[1:]:
        found = check(path)
        wrong += len(found)
        for one in sorted(set(found)):
            print(f"{path}: {one}")
    if not wrong:
        print(f"{len(sys.argv) - 1} sound")
    sys.exit(1 if wrong else 0)


main()
