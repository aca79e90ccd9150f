"""What a column of a file is, as a whole, and what becomes of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui import experiment
from nn_tui.data.readers import new_table
from nn_tui.data.readers.csv_reader import read_csv
from nn_tui.errors import InputError
from nn_tui.files.model import model_of
from nn_tui.training.trainer import Trainer
from tests.new_tables import inputs_of

PLAIN = ("data.scale=none", "data.order=file")


def opened(tmp_path, text, *assignments):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return experiment.load_experiment(str(path), assignments)


def table(header, rows, count=40):
    return header + "\n" + "".join(rows(k) + "\n" for k in range(count))


# Whole columns decide


def test_a_number_that_is_written_in_another_way_far_down_is_read_with_its_column(tmp_path):
    rows = [f"{k % 90}.5,{k}.5" for k in range(3000)]
    rows[2500] = '"1,234.5",1.5'
    made = opened(tmp_path, "a,y\n" + "\n".join(rows) + "\n", *PLAIN).dataset
    assert made.raw_inputs[2500, 0] == 1234.5 and made.raw_inputs[2499, 0] == 69.5


def test_points_between_thousands_are_known_from_commas_far_down(tmp_path):
    rows = ["1.234;1.5" for _ in range(1000)] + ["1.234,5;1.5"] * 400
    made = opened(tmp_path, "a;y\n" + "\n".join(rows) + "\n", *PLAIN, "data.missing=drop").dataset
    assert set(made.raw_inputs[:, 0]) == {1234.0, 1234.5}


def test_a_word_among_numbers_is_an_error_with_its_line_and_a_way_out(tmp_path):
    text = table("a,y", lambda k: f"{k * k if k != 7 else 'seven'},{k}.5")
    with pytest.raises(InputError, match=r"line 9, column 1 \(a\): 'seven' is not a number; .* -a"):
        opened(tmp_path, text)


def test_few_different_values_with_a_word_among_them_are_categories(tmp_path):
    text = table("children,z,y", lambda k: f"{['0', '1', '2', '3+'][k % 4]},{k % 7},{k}.5")
    assert opened(tmp_path, text).dataset.raw_names[:4] == tuple(
        f"children={name}" for name in ("0", "1", "2", "3+")
    )


def test_a_date_that_is_none_is_an_error_with_its_line(tmp_path):
    text = table("d,y", lambda k: f"2024-01-{k + 1 if k != 5 else 77:02},{k}.5", 28)
    with pytest.raises(InputError, match=r"line 7, column 1 \(d\): '2024-01-77' is not a date"):
        opened(tmp_path, text)


def test_plain_columns_are_as_before(tmp_path):
    text = table("id,price,day,y", lambda k: f"{k},${k % 3},2024-01-0{k % 3 + 1},{k}.5")
    made = opened(tmp_path, text, "data.columns=plain").dataset
    assert made.raw_names == (
        *("id", "price=$0", "price=$1", "price=$2"),
        *("day=2024-01-01", "day=2024-01-02", "day=2024-01-03"),
    )


# Left out


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        (lambda k: k, False),
        (lambda k: k + 1, False),
        (lambda k: 39 - k, False),
        (lambda k: k + 100, True),
        (lambda k: 2 * k, True),
        (lambda k: k // 2, True),
        (lambda k: k + 0.5, True),
    ],
)
def test_a_first_column_that_numbers_the_rows_is_left_out(tmp_path, column, kept):
    made = opened(tmp_path, table("first,z,y", lambda k: f"{column(k)},{k % 7},{k}.5")).dataset
    assert ("first" in made.raw_names) == kept


@pytest.mark.parametrize(
    ("name", "kept"), [("PassengerId", False), ("id", False), ("row", False), ("paid", True)]
)
def test_different_whole_numbers_are_left_out_by_the_name_of_their_column(tmp_path, name, kept):
    text = table(f"z,{name},y", lambda k: f"{k % 7},{1000 + 17 * k},{k}.5")
    assert (name in opened(tmp_path, text).dataset.raw_names) == kept


def test_the_only_inputs_are_never_left_out(tmp_path):
    assert opened(tmp_path, table("id,y", lambda k: f"{k},{k}.5")).dataset.raw_names == ("id",)
    names = opened(tmp_path, table("name,y", lambda k: f"person {k},{k}.5")).dataset.raw_names
    assert len(names) == 40


def test_free_text_and_columns_without_values_are_left_out_with_a_reason(tmp_path):
    text = table("name,town,no,z,y", lambda k: f"person {k},{'ab'[k % 2]},,{k % 7},{k}.5")
    done = opened(tmp_path, text)
    assert done.dataset.raw_names == ("town=a", "town=b", "z")
    assert (
        "left out: name (40 different strings), no (no values); data.features = +name keeps it"
        in (done.notes)
    )
    roles = {column.name: (column.kind, column.role) for column in done.dataset.table}
    assert roles["name"] == ("text", "left out") and roles["z"] == ("number", "input")


@pytest.mark.parametrize("features", ["+id", "id,z", "id"])
def test_naming_a_column_brings_it_in(tmp_path, features):
    text = table("id,z,y", lambda k: f"{k},{k % 7},{k}.5")
    assert "id" in opened(tmp_path, text, f"data.features={features}").dataset.input_names


def test_plus_and_minus_are_used_together_and_a_misspelt_name_has_a_hint(tmp_path):
    text = table("id,z,w,y", lambda k: f"{k},{k % 7},{k % 3},{k}.5")
    assert opened(tmp_path, text, "data.features=+id,-w").dataset.input_names == ("id", "z")
    with pytest.raises(InputError, match="no input 'idd' to take in; did you mean id"):
        opened(tmp_path, text, "data.features=+idd")


def test_rows_are_not_dropped_for_a_column_that_is_left_out(tmp_path):
    text = table("name,z,y", lambda k: f"{f'person {k}' if k % 2 else ''},{k % 7},{k}.5")
    assert opened(tmp_path, text, "data.missing=drop").dataset.samples == 40


# Copies of the target


@pytest.mark.parametrize(
    ("column", "target", "said"),
    [
        (lambda k: k * 0.5, lambda k: k * 0.5, "x equals the target y"),
        (lambda k: k * 0.5, lambda k: 3 - 1.1 * k, "x is a linear function of the target y"),
        (lambda k: "ab"[k % 2], lambda k: k % 2, "x has one value for each class of the target y"),
        (lambda k: 7 - k % 2, lambda k: "ab"[k % 2], "x has one value for each class"),
    ],
)
def test_a_copy_of_the_target_is_warned_of(tmp_path, column, target, said):
    text = table("x,z,y", lambda k: f"{column(k)},{k % 7},{target(k)}")
    assert any(said in note for note in opened(tmp_path, text).notes)


@pytest.mark.parametrize(
    ("column", "target"),
    [
        (lambda k: k * 0.5, lambda k: k * 0.5 + (k == 9) * 0.01),
        (lambda k: "ab"[k % 2], lambda k: (k + (k == 9)) % 2),
        (lambda k: k * 0.5, lambda k: k % 2),
    ],
)
def test_an_input_that_only_resembles_the_target_is_not(tmp_path, column, target):
    text = table("x,z,y", lambda k: f"{column(k)},{k % 7},{target(k)}")
    assert not any("is it a copy" in note for note in opened(tmp_path, text).notes)


# Order of time


@pytest.mark.parametrize("latest_first", [False, True])
def test_rows_sorted_by_a_date_keep_the_latest_for_the_test(tmp_path, latest_first):
    def day(k):
        return np.datetime64("2024-01-01") + (39 - k if latest_first else k)

    done = opened(tmp_path, table("day,z,y", lambda k: f"{day(k)},{k % 7},{k}.5"))
    days = done.dataset.raw_inputs[:, 0]
    assert (np.diff(days) > 0).all()
    assert any("the test set is the latest" in note for note in done.notes)


def test_other_rows_are_shuffled(tmp_path):
    text = table("day,z,y", lambda k: f"2024-01-{k * 7 % 28 + 1:02},{k % 7},{k}.5")
    done = opened(tmp_path, text)
    assert not any("latest" in note for note in done.notes)
    assert "shuffled and stratified" in done.notes[0]


# New rows are read as those of training

WRITTEN = table(
    "day,price,share,kind,y",
    lambda k: (
        f'{k % 28 + 1:02}/{k % 3 + 1:02}/2024,"${1000 + k * 10:,}",{k % 7}%,{"ab"[k % 2]},{k}.5'
    ),
    60,
)


@pytest.fixture
def model(tmp_path):
    done = opened(tmp_path, WRITTEN, "training.epochs=1")
    trainer = Trainer(done.recipe, done.dataset)
    trainer.run_epochs(1)
    return model_of(trainer.snapshot())


def encoded(tmp_path, model, text):
    path = tmp_path / "new.csv"
    path.write_text(text)
    return inputs_of(model, path)[0]


def test_a_single_new_row_has_the_models_order_of_day_and_month(tmp_path, model):
    row = encoded(tmp_path, model, 'day,price,share,kind\n03/02/2024,"$1,010",2%,a\n')
    assert row[0] == (np.datetime64("2024-02-03") - np.datetime64("0001-01-01")).astype(int) + 1
    assert row[model.columns.index("price")] == 1010
    assert row[model.columns.index("share")] == 2


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            "03/02/2024,$5,0.5,a",
            r"line 2, column share: the values of training have %, unlike '0.5'",
        ),
        ("03/02/2024,€5,2%,a", r"column price: the values of training have \$, unlike '€5'"),
        ("2nd of May,$5,2%,a", r"column day: '2nd of May' is not a date"),
        ("03/02/2024,five,2%,a", r"column price: 'five' is not a number"),
    ],
)
def test_new_rows_in_another_format_are_refused(tmp_path, model, cells, said):
    with pytest.raises(InputError, match=said):
        encoded(tmp_path, model, f"day,price,share,kind\n{cells}\n")


NUMBERS = {
    "plain": lambda n: f"{n / 8}",
    "dollars": lambda n: f"${n:,}",
    "percent": lambda n: f"{n / 8}%",
    "accounting": lambda n: f"({-n})" if n < 0 else f"{n}",
    "comma": lambda n: f"{n / 8:.3f}".replace(".", ","),
}


@given(
    st.sampled_from([*NUMBERS]),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d %H:%M"]),
    st.lists(
        st.tuples(
            st.none() | st.integers(-9999, 9999),
            st.none() | st.integers(0, 3000),
            st.none() | st.sampled_from("abc"),
        ),
        min_size=12,
        max_size=30,
    ),
)
def test_a_table_is_encoded_for_prediction_as_it_was_for_training(
    tmp_path_factory, number, date_format, rows
):
    import datetime

    path = tmp_path_factory.mktemp("table") / "table.csv"
    start = datetime.datetime(2020, 1, 1)
    lines = ["n;d;k;z;y"]
    for place, (n, days, kind) in enumerate(rows):
        when = "" if days is None else (start + datetime.timedelta(days)).strftime(date_format)
        value = "" if n is None else NUMBERS[number](n)
        lines.append(f"{value};{when};{kind or ''};{place % 5};{place % 4}.5")
    path.write_text("\n".join(lines) + "\n")
    try:
        done = experiment.load_experiment(str(path), ["data.order=file", "data.test_fraction=0"])
    except InputError:
        return  # such as a column whose kind cannot be told, or a constant one
    trainer = Trainer(done.recipe, done.dataset)
    model = model_of(trainer.snapshot())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(new_table, "ROWS_AT_ONCE", 5)  # what a column is shows in other parts too
        np.testing.assert_array_equal(inputs_of(model, path), done.dataset.raw_inputs)


def test_a_large_file_of_numbers_is_read_as_by_the_plain_way(tmp_path):
    path = tmp_path / "numbers.csv"
    numbers = np.random.default_rng(0).normal(size=(5000, 4))
    path.write_text("a,b,c,y\n" + "\n".join(",".join(map(repr, r)) for r in numbers.tolist()))
    plain, auto = (read_csv(path, columns=how) for how in ("plain", "auto"))
    np.testing.assert_array_equal(plain.inputs, auto.inputs)
    assert plain.notes == auto.notes == ()


def test_another_table_for_the_weights_of_a_model_is_read_as_its_own(tmp_path, model):
    def row(k):  # sorted if the month is first; in the model's table the day is
        return f"{k // 4 + 1:02}/{2 * (k % 4) + 1:02}/2024,$5,{k % 7}%,a,{k}.5"

    path = tmp_path / "other.csv"
    path.write_text(table("day,price,share,kind,y", row))
    done = experiment.load_experiment(str(path), ["data.order=file"], model=model)
    days = done.dataset.raw_inputs[:2, 0]
    assert days[1] - days[0] == 60
