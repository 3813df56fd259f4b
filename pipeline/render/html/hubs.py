"""The picture of the learning path as an image whose boxes are links."""

from __future__ import annotations

from markupsafe import Markup

from pipeline.read.article import Sources
from pipeline.render.html.addresses import relative
from pipeline.render.html.figures import figure_place
from pipeline.render.html.inline import Writing
from pipeline.render.hubs import path_layout, path_picture, path_targets


def path_image(sources: Sources, page: Writing) -> Markup:
    """The picture with a link on every box."""
    layout = path_layout(sources, page.language)
    targets = path_targets(sources, page.language)
    areas = []
    for box in layout.boxes:
        target = targets[box.slug]
        link = page.addresses.link(target.title, page.language, page.here)
        if link is not None:
            coordinates = ",".join(map(str, box.corners))
            area = Markup('<area shape="rect" coords="{}" href="{}" alt="{}" title="{}">')
            areas.append(area.format(coordinates, link, target.text, target.text))
    image = Markup('<img src="{}" width="{}" height="{}" alt="{}" usemap="#_path">').format(
        relative(figure_place(path_picture(page.language)), page.here),
        layout.width,
        layout.height,
        page.words["learning-path-alt"],
    )
    return Markup('<div class="path scroll">\n{}\n<map name="_path">\n{}\n</map>\n</div>').format(
        image, Markup("\n").join(areas)
    )
