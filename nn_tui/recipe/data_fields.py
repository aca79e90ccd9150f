"""The recipe keys of the section ``data``."""

from nn_tui.data.builtin import BUNDLED, TABLES
from nn_tui.data.generators import GENERATORS
from nn_tui.data.labels import TASKS
from nn_tui.data.preprocessing import FEATURES, SCALINGS, TARGET_SCALES
from nn_tui.data.readers.detect import COLUMN_READINGS, FORMATS
from nn_tui.data.readers.header_row import HEADERS
from nn_tui.data.readers.missing_values import MISSING
from nn_tui.data.sources import ORDERS, SOURCES
from nn_tui.nn.losses import LOSSES
from nn_tui.recipe.field import Field
from nn_tui.recipe.field_types import (
    ChoiceField,
    IntegerField,
    NameList,
    NumberField,
    SeedField,
    TextField,
)
from nn_tui.recipe.recipe import Recipe

_FIXED = "truth tables are fixed"


def _needs_generated(recipe: Recipe) -> str:
    source = recipe.data.source
    if source in GENERATORS:
        return ""
    return _FIXED if source in TABLES else "only for generated data"


def _needs_file(recipe: Recipe) -> str:
    return "only for data files" if recipe.data.source in {*TABLES, *GENERATORS, *BUNDLED} else ""


def _needs_continuous_targets(recipe: Recipe) -> str:
    data = recipe.data
    if data.source in TABLES:
        return _FIXED
    generated = data.source in GENERATORS and bool(GENERATORS[data.source].classes)
    softmax = recipe.network.output == "softmax" or LOSSES[recipe.training.loss].outputs == (
        "softmax",
    )
    classes = generated or softmax or data.task == "classification"
    return "only for continuous targets" if classes else ""


def _needs_ordered_rows(recipe: Recipe) -> str:
    return "generated points are already shuffled" if recipe.data.source in GENERATORS else ""


def _needs_random_source(recipe: Recipe) -> str:
    data = recipe.data
    if data.source in GENERATORS or data.order in ("random", "stratified", "by_date"):
        return ""
    if data.source in TABLES:
        return _FIXED
    kept = data.order == "file" or (
        data.source not in BUNDLED
        and data.test_fraction in ("auto", 0)
        and not data.validation_fraction
    )
    return "the row order is not random" if kept else ""


DATA_FIELDS = (
    Field(
        "data.source",
        "data",
        TextField(f"a built-in name ({', '.join(SOURCES)}) or the path of a {FORMATS} file"),
        "source of the samples",
    ),
    Field(
        "data.header",
        "header",
        ChoiceField(lambda: HEADERS),
        "whether the first row of the file has the column names",
        inactive_reason=_needs_file,
    ),
    Field(
        "data.target",
        "target",
        NameList("column names", "last"),
        "target column(s) of the file",
        inactive_reason=_needs_file,
    ),
    Field(
        "data.features",
        "features",
        NameList("features or columns", "all"),
        f"inputs; from two columns: {' '.join(FEATURES)}",
    ),
    Field(
        "data.columns",
        "columns",
        ChoiceField(lambda: COLUMN_READINGS),
        "how the columns of a file are read",
        inactive_reason=_needs_file,
    ),
    Field(
        "data.categories",
        "categories",
        NameList("columns", "none"),
        "input columns of a file that are categories, though their cells are numbers or dates",
        inactive_reason=_needs_file,
    ),
    Field(
        "data.task",
        "task",
        ChoiceField(lambda: TASKS),
        "whether the target is a class or a number",
    ),
    Field(
        "data.scale",
        "scaling",
        ChoiceField(lambda: SCALINGS),
        "feature scaling, fitted on the training set",
    ),
    Field(
        "data.target_scale",
        "target scaling",
        ChoiceField(lambda: TARGET_SCALES),
        "scaling of continuous targets for training",
        inactive_reason=_needs_continuous_targets,
    ),
    Field(
        "data.missing",
        "missing values",
        ChoiceField(lambda: MISSING),
        "how to handle rows of a file with missing values",
        inactive_reason=_needs_file,
    ),
    Field(
        "data.samples",
        "samples",
        IntegerField(2, 10_000_000),
        "number of points, training and test",
        inactive_reason=_needs_generated,
    ),
    Field(
        "data.noise",
        "noise",
        NumberField(0, 0.8),
        "noise level, as a fraction",
        inactive_reason=_needs_generated,
    ),
    Field(
        "data.seed",
        "data seed",
        SeedField(),
        "seed of the generated points and of the row order",
        inactive_reason=_needs_random_source,
    ),
    Field(
        "data.test_fraction",
        "test fraction",
        NumberField(0, 0.999, word="auto"),
        "test fraction; auto: generated 0.5, built-in 0.2, others 0",
    ),
    Field(
        "data.validation_fraction",
        "validation",
        NumberField(0, 0.999),
        "fraction of the training samples held out for validation",
    ),
    Field(
        "data.order",
        "row order",
        ChoiceField(lambda: ORDERS),
        "order before the split; auto shuffles built-in and sorted data",
        inactive_reason=_needs_ordered_rows,
    ),
)
