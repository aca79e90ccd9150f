"""Text files of samples: what they say is what is loaded."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.data import sources
from nn_tui.data.errors import DataError, LoadCancelled, MissingValues
from nn_tui.data.readers import csv_reader as csv_file


@pytest.fixture
def load(tmp_path):
    """Loads a file with this content (text or bytes)."""

    def load(content, **options):
        path = tmp_path / "own.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return sources.load_dataset(str(path), **options)

    return load


PLAIN = "a,b,y\n1,2.5,3\n-4,5e-1,6\n"


def is_plain(made):
    np.testing.assert_array_equal(made.inputs, [[1, 2.5], [-4, 0.5]])
    np.testing.assert_array_equal(made.targets, [[3], [6]])
    assert made.inputs.flags.c_contiguous
    return made.input_names == ("a", "b") and made.target_names == ("y",) and not made.classes


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.rstrip("\n"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace(",", "\t").replace(".", ","),
        PLAIN.replace(",", " , "),
        "sep=;\n" + PLAIN.replace(",", ";"),
        "\n\n" + PLAIN.replace("\n", "\n\n") + "\n\n",
        PLAIN + ",,\n,,\n",
        '"a","b","y"\n"1","2.5","3"\n"-4","5e-1","6"\n',
        "a,b,y,\n1,2.5,3,\n-4,5e-1,6,\n",
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    ],
    ids=range(18),
)
def test_the_same_table_in_many_spellings(load, content):
    assert is_plain(load(content))


def test_without_a_row_of_names(load):
    made = load("1,2,3\n4,5,6\n")
    assert made.input_names == ("x1", "x2") and made.target_names == ("y",)
    assert made.samples == 2


def test_the_file_is_used_whole_and_in_its_order(load):
    """Reference runs depend on it: nothing is held back and nothing shuffled unasked."""
    rows = np.random.default_rng(0).normal(size=(50, 3))
    text = "\n".join(",".join(map(repr, row)) for row in rows.tolist())
    made = load(text, seed=3)
    np.testing.assert_array_equal(np.hstack([made.inputs, made.targets]), rows)
    assert made.train_count == 50


def test_a_test_part_is_drawn_by_the_seed(load):
    text = "\n".join(f"{i},{i}" for i in range(20))
    one, same, other = (load(text, test_fraction=0.25, seed=seed) for seed in (1, 1, 2))
    assert one.train_count == 15
    np.testing.assert_array_equal(one.inputs, same.inputs)
    assert not np.array_equal(one.inputs, other.inputs)
    np.testing.assert_array_equal(one.inputs, one.targets)
    assert sorted(one.inputs[:, 0]) == list(range(20))
    kept = load(text, test_fraction=0.25, order="file")
    np.testing.assert_array_equal(kept.inputs[:, 0], range(20))


def test_the_target_may_be_any_column_and_several(load):
    made = load("a,b,c\n1,2,3\n4,5,6\n", target=["a"])
    assert made.input_names == ("b", "c") and made.targets.tolist() == [[1], [4]]
    made = load("a,b,c\n1,2,3\n4,5,6\n", target=["c", "a"])
    assert made.target_names == ("c", "a") and made.targets.tolist() == [[3, 1], [6, 4]]


def test_texts_as_targets_are_classes_in_natural_order(load):
    made = load("1,c10\n2,c9\n3,C1\n4,c9\n")
    assert made.classes == ("C1", "c9", "c10")
    assert made.targets[:, 0].tolist() == [2, 1, 0, 1]


def test_texts_as_inputs_are_one_hot(load):
    made = load("size,color,y\n1,red,0\n2,blue,1\n3,red,1\n")
    assert made.input_names == ("size", "color=blue", "color=red")
    assert made.inputs.tolist() == [[1, 0, 1], [2, 1, 0], [3, 0, 1]]
    assert made.notes == ("the column color is categorical, one-hot encoded as 2 inputs",)


def test_a_table_of_texts_alone(load):
    made = load("color,shape,fruit\nred,round,apple\nyellow,long,banana\n")
    assert made.input_names == ("color=red", "color=yellow", "shape=long", "shape=round")
    assert made.classes == ("apple", "banana")


def test_whole_numbers_stay_numbers_unless_classes_are_wanted(load):
    assert load("1,-1\n2,1\n3,1\n").targets.tolist() == [[-1], [1], [1]]
    made = load("1,-1\n2,1\n3,1\n", classes=True)
    assert made.classes == ("-1", "1") and made.targets.tolist() == [[0], [1], [1]]
    assert load("1,7\n2,-2\n3,10\n", classes=True).classes == ("-2", "7", "10")


def test_quantities_are_no_classes(load):
    with pytest.raises(DataError, match=r"own\.csv are continuous, such as 0\.5"):
        load("1,0.5\n2,1\n", classes=True)
    with pytest.raises(DataError, match=r"101 distinct values, .* 100 classes; for regression"):
        load("".join(f"1,{i}\n" for i in range(101)), classes=True)
    with pytest.raises(DataError, match="are equal"):
        load("1,5\n2,5\n", classes=True)


def test_several_columns_of_targets_are_left_alone_by_classes(load):
    made = load("a,b,c\n1,0,1\n4,1,0\n", target=["b", "c"], classes=True)
    assert not made.classes and made.targets.shape == (2, 2)


MISSING = "a,b,y\n1,2,3\n,5,6\n7,NA,?\n8,9,nan\n10,11,12\n"


def test_several_columns_of_texts_are_told_in_one_sentence(load):
    made = load("color,n,size,y\nred,1,big,1\nblue,2,small,2\nred,3,tiny,3\n")
    assert made.notes == ("the columns color, size are categorical, one-hot encoded as 5 inputs",)


def test_missing_values_are_refused_with_place_and_count(load):
    with pytest.raises(DataError) as caught:
        load(MISSING)
    assert str(caught.value) == (
        "own.csv: line 3, column 1 (a): a value is missing (4 are missing in 3 rows); "
        "drop such rows with --set data.missing=drop, or fill them in with data.missing=fill"
    )


def test_missing_values_of_one_row_are_told_of_one_row(load):
    with pytest.raises(MissingValues, match=r"\(2 are missing in one row\)"):
        load("a,b,y\n1,2,3\n,,4\n")


def test_where_no_row_is_whole_it_is_not_advised_to_drop_them(load):
    with pytest.raises(MissingValues) as refused:
        load("a,y\n,1\n,2\n")
    assert str(refused.value) == (
        "own.csv: line 2, column 1 (a): a value is missing (2 are missing in 2 rows); "
        "no row is complete; --set data.missing=fill fills them in"
    )
    assert (refused.value.rows, refused.value.left) == (2, 0)


def test_missing_values_are_dropped_counted_and_said(load):
    made = load(MISSING, missing="drop")
    assert made.inputs.tolist() == [[1, 2], [10, 11]]
    assert made.notes == ("3 rows with missing values were dropped",)


def test_dropping_takes_a_class_with_it(load):
    made = load("1,a\n,b\n3,c\n", missing="drop")
    assert made.classes == ("a", "c") and made.targets[:, 0].tolist() == [0, 1]


def test_quoted_cells_may_hold_anything(load):
    made = load('name,y\n"a, b",1\n"say ""hi""",2\n"two\nlines",3\n')
    assert made.input_names == ("name=a, b", 'name=say "hi"', "name=two␊lines")


def test_lines_are_counted_through_quoted_line_breaks(load):
    with pytest.raises(DataError, match=r"line 5, column 2 \(b\): 'x' is not a number"):
        load('a,b,c\n"p\nq",1,2\n"r",3,4\n"s",x,4\n')


def test_lines_are_counted_from_block_to_block(load):
    rows = ['1,"a\nb"\n', "\n", "2,c\n"] * 30_000  # four lines each time
    with pytest.raises(DataError, match=r"line 120,001, column 1 .*'x' is not a number"):
        load("".join(rows) + "x,c\n")


def test_control_characters_are_made_visible(load):
    made = load("\x1b]52;c;QUJD\x07,b\u202e,y\n1,2,evil\x9b2J\n3,4,\x7fgood\n")
    assert made.input_names == ("␛]52;c;QUJD␇", "b�")
    assert made.classes == ("evil�2J", "␡good")


def test_numbers_are_read_to_the_last_bit(load):
    rows = np.random.default_rng(1).normal(size=(600, 2)) * 10.0 ** np.arange(-300, 300)[:, None]
    rows[0] = 5e-324, 1.7976931348623157e308
    lines = [f"{a!r},{b!r}" for a, b in rows.tolist()]
    for text in ("\n".join(lines), '"1","2"\n' + "\n".join(lines)):
        made = load(text)
        np.testing.assert_array_equal(np.hstack([made.inputs, made.targets])[-600:], rows)


def test_a_mistake_far_down_is_found_by_line(load):
    lines = [f"{i},{i}.5,{i % 3}" for i in range(60_000)]
    lines[43_210] = "1,two,3"
    with pytest.raises(DataError, match=r"line 43,211, column 2 \(x2\): 'two' is not a number"):
        load("\n".join(lines))
    lines[43_210] = "1,2"
    with pytest.raises(
        DataError, match=r"line 43,211: there are 2 cells, but previous rows have 3"
    ):
        load("\n".join(lines))
    lines[43_210] = "1,,3"
    made = load("\n".join(lines), missing="drop")
    assert made.samples == 59_999 and made.inputs[43_210, 0] == 43_211


def test_progress_is_told_and_loading_can_be_stopped(load):
    text = "".join(f"{i},{i}\n" for i in range(100_000))
    told = []
    load(text, progress=told.append)
    assert len(told) > 3 and told == sorted(told) and told[-1] == 1.0
    with pytest.raises(LoadCancelled):
        load(text, cancelled=lambda: True)
    asked = []
    with pytest.raises(LoadCancelled):
        load(text, cancelled=lambda: len(asked) > 1 or asked.append(1))


def test_many_rows_take_the_memory_of_their_arrays(load, monkeypatch):
    """Growing by guess, by more than the guess, and shrinking to what is there."""
    rows = "".join(f"{i},{i}\n" for i in range(70_000))
    for guess in (1, 50, 1_000_000):
        monkeypatch.setattr(csv_file, "_expected", lambda rows, file, guess=guess: guess)
        made = load("0,0\n" + rows)
        assert made.inputs.shape == (70_001, 1) and made.inputs.base is None
        np.testing.assert_array_equal(made.inputs[1:, 0], range(70_000))


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(
    st.lists(st.tuples(st.floats(-1e9, 1e9), cells, st.integers(0, 5)), min_size=2, max_size=30),
    st.sampled_from(",;\t|"),
)
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "own.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerow(["number", "text", "target"])
        writer.writerows([n, f"t{t}", i] for n, t, i in rows)
    made = sources.load_dataset(str(path))
    assert made.inputs[:, 0].tolist() == [n for n, _, _ in rows]
    assert made.targets[:, 0].tolist() == [i for _, _, i in rows]
    assert made.inputs[:, 1:].sum(axis=1).tolist() == [1] * len(rows)
