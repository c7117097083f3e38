"""Mutated CAP messages, by bytes and by tree, from a seed: for the fuzzing of tests and bench."""

from __future__ import annotations

import random
from copy import deepcopy

from lxml import etree

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
DSIG = "http://www.w3.org/2000/09/xmldsig#"

SEED = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>kz-sample-1</identifier>
  <sender>duty@sample.example</sender>
  <sent>2026-11-22T07:30:00+05:00</sent>
  <status>Exercise</status>
  <msgType>Update</msgType>
  <source>sample</source>
  <scope>Restricted</scope>
  <restriction>those on duty</restriction>
  <addresses>akimat "duty officer"</addresses>
  <code>sample</code>
  <note>Sample exercise</note>
  <references>duty@sample.example,kz-sample-0,2026-11-22T07:00:00+05:00</references>
  <incidents>flood "river Elek"</incidents>
  <info>
    <language>kk-KZ</language>
    <category>Met</category>
    <category>Safety</category>
    <event>Су тасқыны</event>
    <responseType>Evacuate</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <audience>Тұрғындар</audience>
    <eventCode>
      <valueName>SAMPLE</valueName>
      <value>FLD</value>
    </eventCode>
    <effective>2026-11-22T07:30:00+05:00</effective>
    <onset>2026-11-22T08:00:00+05:00</onset>
    <expires>2026-11-22T19:30:00+05:00</expires>
    <senderName>Үлгі қызмет</senderName>
    <headline>Өзен арнасынан асты</headline>
    <description>Су деңгейі көтерілуде &amp; жайылуда.</description>
    <instruction>Биік жерге шығыңыз.</instruction>
    <web>https://sample.example/flood?id=1</web>
    <contact>112</contact>
    <parameter>
      <valueName>level</valueName>
      <value>412</value>
    </parameter>
    <resource>
      <resourceDesc>Карта</resourceDesc>
      <mimeType>image/png</mimeType>
      <size>3</size>
      <uri>map.png</uri>
      <derefUri>YWJj</derefUri>
      <digest>a9993e364706816aba3e25717850c26c9cd0d89d</digest>
    </resource>
    <area>
      <areaDesc>Ақтөбе қаласы</areaDesc>
      <polygon>50.25,57.1 50.35,57.1 50.35,57.3 50.25,57.3 50.25,57.1</polygon>
      <circle>50.28,57.17 2.5</circle>
      <geocode>
        <valueName>KATO</valueName>
        <value>151000000</value>
      </geocode>
      <altitude>600</altitude>
      <ceiling>800</ceiling>
    </area>
  </info>
</alert>
""".encode()

TEXTS = (
    "",
    " ",
    "\n\t",
    "0",
    "-1",
    "1e9999",
    "9" * 400,
    "nan",
    "Actual",
    "actual",
    "Cancel",
    "Private",
    "Restricted",
    "Very Likely",
    "2026-11-22T07:30:00Z",
    "2026-11-22T07:30:00+00:00",
    "2026-02-30T07:30:00+05:00",
    "2026-11-22T24:00:00-14:00",
    "0000-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59-14:00",
    "a,b,c",
    "a,b,2026-11-22T07:30:00+05:00",
    ",,",
    "91,0 0,0 0,1 91,0",
    "1,2 3,4 1,2",
    "1,2 3,4 5,6 1,2",
    "1,2, 3",
    "1,2 -3",
    "1,181 3",
    "kk",
    "x",
    "en_US",
    "english",
    "image",
    "image/png",
    "http://",
    "https://a.b/c d",
    "relative/path",
    "=====",
    '"unclosed',
    "<b>bold</b>",
    "&amp;lt;",
    "]]>",
    "\u0000".replace("\u0000", "\ufffd"),
    "\U0001f6a8",
    "\u202e\u0301",
    "a" * 3000,
)
BYTES = (
    b"<",
    b">",
    b"&",
    b"&#0;",
    b"&#x10FFFF;",
    b"&lol;",
    b"]]>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"<?x y?>",
    b'<!DOCTYPE alert [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbf",
    b"\x0b",
    b"\r",
    b"\r\n",
    b"\x85",
    b' a="b"',
    b' xmlns=""',
    b' xml:lang="kk"',
    b"</info>",
    b"<info>",
    b"</alert>",
    b"/>",
)
NAMES = ("alert", "info", "area", "polygon", "identifier", "sent", "Signature", "x", "value")
ENCODINGS = ("UTF-8", "UTF-8", "UTF-8", "UTF-16", "ISO-8859-1", "KOI8-R", "windows-1251")


def mutate(rng: random.Random, seeds: list[bytes]) -> bytes:
    """Return one mutated message."""
    data = rng.choice(seeds)
    if rng.random() < 0.5:
        return by_bytes(rng, data)
    data = by_tree(rng, data)
    return by_bytes(rng, data) if rng.random() < 0.15 else data


def by_bytes(rng: random.Random, data: bytes) -> bytes:
    """Change some bytes."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(found) + 1)
        to = min(len(found), at + rng.choice((1, 1, 2, 8, 64)))
        kind = rng.randrange(7)
        if kind == 0:
            del found[at:to]
        elif kind == 1:
            found[at:at] = rng.choice(BYTES)
        elif kind == 2 and found:
            found[at % len(found)] = rng.randrange(256)
        elif kind == 3:
            found[at:at] = found[at:to] * rng.choice((1, 2, 20))
        elif kind == 4:
            del found[at:]
        elif kind == 5:
            found[at:to] = bytes(reversed(found[at:to]))
        else:
            found[at:to] = rng.choice(TEXTS).encode()
    return bytes(found)


def by_tree(rng: random.Random, data: bytes) -> bytes:
    """Change some elements; what is no XML is changed by bytes."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except (etree.XMLSyntaxError, ValueError):
        return by_bytes(rng, data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        elements = list(root.iter(etree.Element))
        _change(rng, rng.choice(elements), elements)
    if root.tag is None:
        return data
    encoding = rng.choice(ENCODINGS)
    return etree.tostring(root, xml_declaration=True, encoding=encoding)


def _change(rng: random.Random, one: etree._Element, elements: list[etree._Element]) -> None:
    parent = one.getparent()
    kind = rng.randrange(10)
    if kind <= 3:
        _set_text(one, rng.choice(TEXTS))
    elif kind == 4 and parent is not None:
        parent.remove(one)
    elif kind == 5 and parent is not None:
        parent.insert(parent.index(one), deepcopy(one))
    elif kind == 6 and parent is not None:
        parent.insert(rng.randrange(len(parent) + 1), one)
    elif kind == 7:
        name = rng.choice(NAMES)
        one.tag = f"{{{rng.choice((NAMESPACE, NAMESPACE, DSIG, 'urn:x'))}}}{name}"
    elif kind == 8:
        one.set(rng.choice(("a", "{urn:x}b", "{http://www.w3.org/XML/1998/namespace}lang")), "1")
    else:
        other = rng.choice(elements)
        _set_text(one, other.text or "")
        if rng.random() < 0.2:
            one.append(etree.Comment("sample"))


def _set_text(one: etree._Element, text: str) -> None:
    try:
        one.text = text
    except ValueError:
        one.text = "?"
