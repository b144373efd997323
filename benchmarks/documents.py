"""Circulars per second on one core: our DOCX beside docxtpl's, our PDF beside WeasyPrint's, of the same four pages.

python benchmarks/documents.py [repetitions]

Each contestant writes the circular below many times (WeasyPrint, which subsets a large font each time, less often), with
other figures every time; starting up and a first circular are not counted.
"""

from __future__ import annotations

import html
import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from timing import in_turn, machine, median, peak_mib, report

UNITS = 45
HEADERS = ("名次", "单位", "项目数", "开工率", "投资完成率", "红灯")
SECTIONS = ("总体情况", "开工情况", "投资情况", "亮灯情况", "存在问题", "下步要求")
SENTENCE = (
    "截至8月底，全市重点项目开工{0}个，开工率{1}.{2}%，完成投资{3}亿元，占年度计划的{4}.{5}%，高于时序进度{6}个百分点。"
)

Words = tuple[list[list[str]], list[tuple[str, ...]]]


def words(seed: int) -> Words:
    """Three paragraphs to a section and one row to a unit."""
    chance = random.Random(seed)
    paragraphs = [
        ["".join(SENTENCE.format(*(chance.randint(10, 99) for _ in range(7))) for _ in range(2)) for _ in range(3)]
        for _ in SECTIONS
    ]
    rows = [
        (
            str(place),
            f"第{place}区",
            str(chance.randint(20, 200)),
            f"{chance.randint(600, 1000) / 10:.1f}%",
            f"{chance.randint(600, 1200) / 10:.1f}%",
            str(chance.randint(0, 30)),
        )
        for place in range(1, UNITS + 1)
    ]
    return paragraphs, rows


def document(seed: int):  # type: ignore[no-untyped-def]
    """The circular as our document model."""
    from guatu.office.documents.model import Column, Document, DocumentKind, Heading, Labels, Paragraph, Row, Table

    paragraphs, rows = words(seed)
    blocks: list[object] = []
    for number, (section, texts) in enumerate(zip(SECTIONS, paragraphs, strict=True)):
        blocks.append(Heading(f"s{number}", 1, (section,), f"{'一二三四五六'[number]}、"))
        blocks += [Paragraph(f"s{number}p{index}", (text,)) for index, text in enumerate(texts)]
    columns = tuple(Column(str(index), header) for index, header in enumerate(HEADERS))
    blocks.append(Table("t", columns, tuple(Row(row[0], tuple((cell,) for cell in row)) for row in rows), "排名表"))
    return Document(
        kind=DocumentKind.CIRCULAR,
        language="zh",
        title="全市重点项目推进情况通报",
        dated=date(2021, 9, 7),
        dated_printed="2021年9月7日",
        labels=Labels("附件", "（盖章）"),
        blocks=tuple(blocks),  # type: ignore[arg-type]
        signer="市攻势指挥部",
    )


def our_docx() -> Callable[[int], bytes]:
    from guatu.office.documents.word import render_docx

    return lambda seed: render_docx(document(seed)).content


def our_pdf() -> Callable[[int], bytes]:
    from guatu.office.documents.pdf import pdf_bytes

    return lambda seed: pdf_bytes(document(seed))


def docxtpl() -> Callable[[int], bytes]:
    """The usual way: a Word template with placeholders, filled in."""
    from docx import Document as Word
    from docxtpl import DocxTemplate

    folder = tempfile.mkdtemp()
    template = Word()
    template.add_heading("全市重点项目推进情况通报", 0)
    template.add_paragraph("{%p for section in sections %}")
    template.add_heading("{{ section.title }}", 1)
    template.add_paragraph("{%p for text in section.texts %}")
    template.add_paragraph("{{ text }}")
    template.add_paragraph("{%p endfor %}")
    template.add_paragraph("{%p endfor %}")
    table = template.add_table(4, len(HEADERS), style="Table Grid")
    for cell, header in zip(table.rows[0].cells, HEADERS, strict=True):
        cell.text = header
    table.rows[1].cells[0].text = "{%tr for row in rows %}"
    for index, cell in enumerate(table.rows[2].cells):
        cell.text = f"{{{{ row[{index}] }}}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    path = os.path.join(folder, "template.docx")
    template.save(path)

    def write(seed: int) -> bytes:
        paragraphs, rows = words(seed)
        filled = DocxTemplate(path)
        sections = [{"title": title, "texts": texts} for title, texts in zip(SECTIONS, paragraphs, strict=True)]
        filled.render({"sections": sections, "rows": rows}, autoescape=True)
        stream = io.BytesIO()
        filled.save(stream)
        return stream.getvalue()

    return write


def weasyprint() -> Callable[[int], bytes]:
    """The usual way from HTML."""
    from weasyprint import HTML

    from guatu.office.documents.fonts import font_folders

    sheet = "".join(
        f"@font-face {{font-family: song; src: url('{path.as_uri()}')}}"
        for folder in font_folders(())
        for path in sorted(Path(folder).glob("NotoSerif*Regular*"))[:1]
    )

    def write(seed: int) -> bytes:
        paragraphs, rows = words(seed)
        body = "".join(
            f"<h2>{title}</h2>" + "".join(f"<p>{html.escape(text)}</p>" for text in texts)
            for title, texts in zip(SECTIONS, paragraphs, strict=True)
        )
        table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADERS, *rows))
        style = f"<style>{sheet} body {{font: 16pt/28pt song}} td {{border: 0.5pt solid}}</style>"
        written = HTML(string=f"{style}<h1>全市重点项目推进情况通报</h1>{body}<table>{table}</table>").write_pdf()
        assert isinstance(written, bytes)
        return written

    return write


CONTESTANTS = {
    "our DOCX": (our_docx, 20),
    "docxtpl": (docxtpl, 20),
    "our PDF": (our_pdf, 20),
    "WeasyPrint": (weasyprint, 2),
}


def contend(name: str) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    prepare, times = CONTESTANTS[name]
    write = prepare()
    write(0)
    began = time.process_time()
    size = [len(write(seed)) for seed in range(1, times + 1)]
    report(seconds=(time.process_time() - began) / times, kib=sum(size) / times / 1024, peak=peak_mib())


def main(repetitions: int) -> None:
    import json

    commands = {name: [sys.executable, __file__, "--contend", name] for name in CONTESTANTS}
    runs = in_turn(commands, repetitions)
    cost = {
        name: median(json.loads(one.said.splitlines()[-1])["seconds"] for one in found) for name, found in runs.items()
    }
    print(machine("python-docx", "docxtpl", "typst", "weasyprint"))
    print("| | CPU s each, median | per second on one core | peak MiB |")
    print("|---|---:|---:|---:|")
    for name, found in runs.items():
        peak = median(json.loads(one.said.splitlines()[-1])["peak"] for one in found)
        print(f"| {name} | {cost[name]:.3f} | {1 / cost[name]:.1f} | {peak:.0f} |")
    print(f"DOCX: docxtpl / ours {cost['docxtpl'] / cost['our DOCX']:.2f}; ", end="")
    print(f"PDF: WeasyPrint / ours {cost['WeasyPrint'] / cost['our PDF']:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contend"]:
        contend(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
