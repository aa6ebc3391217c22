"""What manifests list in `templates`: each must be the key of a text, or a message that needs it could never leave."""

from __future__ import annotations

from collections.abc import Iterator

from buurtwacht.host.declarations import Manifest
from buurtwacht.vocabulary.errors import Fault
from buurtwacht.vocabulary.faults import suggestion
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues


def unknown_templates(manifest: Manifest, catalogues: Catalogues) -> Iterator[Fault]:
    """Yield a fault for each template of a plugin that none of its catalogues has as a text."""
    listed: object = manifest.templates
    where = f"plugin {manifest.id}"
    if isinstance(listed, str):  # nothing checks the types of a dataclass
        what = "lists its templates in one text, not in a set"
        yield Fault(where, what, f"write templates=frozenset({{{listed!r}}})")
        return
    known = catalogues.keys(manifest.id)
    files = " and ".join(f"{language}.po" for language in LANGUAGES)
    for key in sorted((manifest.templates or frozenset()) - known):
        mend = suggestion(key, known, f'write msgid "{key}" in {files} of {manifest.locale}, or leave it out')
        yield Fault(where, f"lists the template {key!r}, and no catalogue has that text", mend)
