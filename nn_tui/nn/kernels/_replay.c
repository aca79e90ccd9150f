/* Replays NumPy calls on fixed arrays, without Python between them.
 *
 * A Program is a list of operations and of sections, runs of operations that are repeated: once
 * an epoch, or once for each mini-batch with the operands inside the batch moved on. Nearly every
 * operation is one call of NumPy's own inner loop (`PyUFuncObject.functions`, a public struct of
 * numpy/ufuncobject.h) with the sizes and strides that NumPy itself passes, so the bits are
 * NumPy's. Chains of correctly rounded operations (+ - * / sqrt, comparisons, copies), whose bits
 * IEEE 754 fixes, are computed by loops of our own, a block that stays in the cache at a time.
 *
 * lowering.py makes the operations, and decides what has the same bits. Here every operand is an
 * array that is kept alive, and every operation is refused (LookupError) that would read or write
 * outside of one, whatever lowering.py asks for: no number from Python becomes an address.
 *
 * Compile with -ffp-contract=off: a fused multiply-add rounds once where NumPy rounds twice.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>
#include <fenv.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* One version of a loop for each generation of processors, chosen when the module is loaded. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__)
#define FOR_EACH_CPU __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_CPU
#endif

typedef enum { KERNEL, MATMUL, SMALL, OUTER, REDUCE, BLOCKS, SCALARS, GATHER, KINDS } Kind;
static const char *const kind_names[KINDS] = {
    "kernel", "matmul", "small", "outer", "reduce", "blocks", "scalars", "gather"};

/* The operations that our own loops compute: two operands up to LT, then one. */
enum { ADD, SUB, MUL, DIV, MAX, MIN, GE, GT, LT, SQRT, SQUARE, NEG, RECIP, SIGN, COPY, EXACT };
static const char *const exact_names[EXACT] = {
    "add", "subtract", "multiply", "divide", "maximum", "minimum", "greater_equal", "greater",
    "less", "sqrt", "square", "negative", "reciprocal", "sign", "copy"};
/* How an operand is read: an element for each output, one number for all, or a copied row or
 * column of a matrix. */
enum { EACH, ONE, ROW, COLUMN, FORMS };

/* How the products of an element are added up, see below. */
enum { FUSED, ROUNDED, LANES, QUADS, PAIRS, ORDERS };

enum { MAX_ARGS = 3, MAX_RESULTS = 8, STACK = 16, MAX_PACKED = 1024,
       SHORT_ROW = 32 };

typedef struct {
    int code; /* CODE of the operation and of how its operands are read */
    char *a, *b, *out;
    npy_intp bytes_a, bytes_b, bytes_out;
    npy_intp step_a, step_b; /* bytes from one output to the next; 0 for one number */
    npy_intp shift_a, shift_b;
} Exact;

typedef enum { PUSH, NUMBER, PLUS, MINUS, TIMES, OVER, POWER, NEGATE, STORE } Instruction;
typedef struct { Instruction code; double *slot; char *cell; int wide; double number; } ScalarStep;

typedef struct {
    Kind kind;
    int wide; /* float64, else float32 */
    PyUFuncGenericFunction loop;
    void *data;
    char *args[MAX_ARGS];
    npy_intp bytes[MAX_ARGS];
    npy_intp shift[MAX_ARGS]; /* bytes an operand moves on from one round to the next */
    npy_intp dims[4], steps[9];
    int first, count; /* of its exact operations or scalar steps */
    npy_intp cost;    /* about how many multiplications take as long */
} Op;

/* An evaluation is run only where it is due; a preparation is no part of an update. */
typedef enum { UPDATE, EVALUATION, PREPARATION } Role;
typedef struct { int first, last, base, count, role; } Section;
typedef struct { char *source, *rows; npy_intp size, capacity; } Result;

typedef struct {
    PyObject_HEAD
    Op *ops;
    Exact *exact;
    ScalarStep *steps;
    Section *sections;
    Result results[MAX_RESULTS];
    char *losses[MAX_RESULTS];
    int loss_wide[MAX_RESULTS];
    int n_ops, n_exact, n_steps, n_sections, n_results, n_losses, running;
    int section, round, op; /* where an interrupted epoch continues */
    npy_intp samples;       /* the length of an epoch's order; 0 if nothing is shuffled */
    const npy_int64 *order; /* of the epoch that is running */
    PyObject *keep;         /* every object whose memory is used */
} Program;

/* ------------------------------------------------------------------ correctly rounded loops */

#define CODE(operation, form_a, form_b) (((operation) * FORMS + (form_a)) * FORMS + (form_b))

/* An output is an operand or apart from it, so no iteration waits for another. */
#define LOOP(...) \
    { _Pragma("GCC ivdep") for (npy_intp i = 0; i < m; i++) { __VA_ARGS__ } } break;
#define BINARY(operation, expression) \
    case CODE(operation, EACH, EACH): LOOP(const T x = a[i], y = b[i]; o[i] = expression;) \
    case CODE(operation, ONE, EACH): { const T x = *a; LOOP(const T y = b[i]; o[i] = expression;) } \
    case CODE(operation, EACH, ONE): { const T y = *b; LOOP(const T x = a[i]; o[i] = expression;) }
#define UNARY(operation, expression) \
    case CODE(operation, EACH, EACH): LOOP(const T x = a[i]; o[i] = expression;)

static inline void repeat(void *to, const void *row, size_t bytes, size_t all) {
    memcpy(to, row, bytes);
    for (size_t done = bytes; done < all; done *= 2) /* doubling: few copies, each a long one */
        memcpy((char *)to + done, to, done < all - done ? done : all - done);
}

/* All operations of a chain on one block of outputs, then on the next. A NaN or an equal value on
 * either side decides maximum and minimum as in x86's maxpd, where NumPy's loop has it. */
#define EXACT_LOOPS(name, type, root) \
FOR_EACH_CPU static void name(const Exact *chain, int count, npy_intp n, npy_intp block, \
                              npy_intp columns, npy_intp round) { \
    typedef type T; \
    for (npy_intp at = 0; at < n; at += block) { \
        const npy_intp m = n - at < block ? n - at : block; \
        for (const Exact *e = chain; e < chain + count; e++) { \
            const T *a = (const T *)(e->a + round * e->shift_a + at * e->step_a); \
            const T *b = (const T *)(e->b + round * e->shift_b + at * e->step_b); \
            T *o = (T *)e->out + at; \
            switch (e->code) { \
            BINARY(ADD, x + y) BINARY(SUB, x - y) BINARY(MUL, x * y) BINARY(DIV, x / y) \
            BINARY(MAX, (x != x ? x : x > y ? x : y)) BINARY(MIN, (x != x ? x : x < y ? x : y)) \
            BINARY(GE, (T)(x >= y)) BINARY(GT, (T)(x > y)) BINARY(LT, (T)(x < y)) \
            UNARY(SQRT, root(x)) UNARY(SQUARE, x * x) UNARY(NEG, -x) UNARY(RECIP, (T)1 / x) \
            UNARY(SIGN, (x > 0 ? (T)1 : x < 0 ? (T)-1 : x == 0 ? (T)0 : x)) UNARY(COPY, x) \
            case CODE(COPY, ONE, EACH): { const T x = *a; LOOP(o[i] = x;) } \
            case CODE(COPY, ROW, EACH): repeat(o, a, columns * sizeof(T), m * sizeof(T)); break; \
            case CODE(COPY, COLUMN, EACH): \
                for (npy_intp r = 0, k = at / columns; r < m; r += columns, k++) { \
                    const T x = a[k]; \
                    for (npy_intp i = 0; i < columns; i++) o[r + i] = x; \
                } \
                break; \
            } \
        } \
    } \
}
EXACT_LOOPS(exact64, double, sqrt)
EXACT_LOOPS(exact32, float, sqrtf)

/* A column times a row. ndarray.dot hands it to BLAS, which may make another zero of a product
 * that underflows or has a zero factor. `zeros`: 0 the product itself; 1 the product + 0; 2 its
 * fused form, where only an underflow keeps its sign; 3 one of these for each element. + 4: where
 * the right factor is one number, 0, the product is 0, even of NaN; + 8: where the left is. */
enum { RULES = 4, RIGHT_IS_ZERO = 4, LEFT_IS_ZERO = 8 };
#define OUTER_LOOP(name, T) \
FOR_EACH_CPU static void name(const T *a, const T *b, T *o, npy_intp m, npy_intp n, \
                              npy_intp rule_and_zeros, const npy_uint8 *each) { \
    const npy_intp zeros = rule_and_zeros % RULES; \
    if ((rule_and_zeros & RIGHT_IS_ZERO && *b == 0) || (rule_and_zeros & LEFT_IS_ZERO && *a == 0)) { \
        memset(o, 0, m * n * sizeof(T)); \
        return; \
    } \
    for (npy_intp r = 0; r < m; r++, o += n) { \
        const T x = a[r]; \
        if (zeros == 0) { for (npy_intp i = 0; i < n; i++) o[i] = x * b[i]; continue; } \
        if (zeros == 1) { for (npy_intp i = 0; i < n; i++) o[i] = x * b[i] + (T)0; continue; } \
        for (npy_intp i = 0; i < n; i++) { \
            const T y = b[i], p = x * y; \
            const int rule = zeros == 3 ? each[r * n + i] : 2; \
            o[i] = rule == 1 || (rule == 2 && ((x == 0) | (y == 0))) ? p + (T)0 : p; \
        } \
    } \
}
OUTER_LOOP(outer64, double)
OUTER_LOOP(outer32, float)

/* ------------------------------------------------------------------ products of small matrices */

/* BLAS takes longer to begin than to multiply small matrices. Where it adds up the products of
 * an element in one of these orders, which agreement.py finds out, these loops have its bits:
 * FUSED    one after the other, each with one rounding for product and sum
 * ROUNDED  one after the other, the products rounded
 * LANES    every fourth into one of four fused sums, the rest fused
 * QUADS    four at a time, with two fused products; the rest two at a time, rounded
 * PAIRS    four at a time in two rounded pairs; the rest one after the other, rounded
 * The first two are those of matrices, the others those of a matrix and a vector. */
#if defined(__GNUC__) && defined(__x86_64__)
#define WITH_FMA __attribute__((target("avx2,fma")))
static int has_fma(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define WITH_FMA
static int has_fma(void) {
#if defined(__aarch64__) || defined(__FP_FAST_FMA)
    return 1;
#else
    return 0; /* fma would be a slow function */
#endif
}
#endif

#define FOR(count, index) _Pragma("GCC unroll 8") for (int index = 0; index < (count); index++)
#define X(l) (x[(l) * a_column])
#define Y(l) (y[(l) * b_row + j])
#define P(l) (X(l) * Y(l))
#define NEXT(terms) l += (terms), x += (terms) * a_column, y += (terms) * b_row

/* `rows` by `width` elements at a time: sums that do not wait for each other. */
#define TILE(rows, width) { \
    T sum[rows][width] = {{0}}; \
    const T *x = a + i * a_row, *y = b; \
    for (npy_intp l = 0; l < k; NEXT(1)) \
        FOR(rows, r) FOR(width, j) sum[r][j] = ADDED(x[r * a_row], y[j], sum[r][j]); \
    FOR(rows, r) FOR(width, j) o[(i + r) * n + j] = sum[r][j] + (T)0; /* BLAS adds to 0: no -0 */ \
}
#define PANEL(width) { \
    npy_intp i = 0; \
    for (; i + 4 <= m; i += 4) TILE(4, width) \
    for (; i < m; i++) TILE(1, width) \
}

/* One row of `width` elements. */
#define LANES_ROW(width) { \
    T lane[4][width] = {{0}}; \
    for (; l + 4 <= k; NEXT(4)) FOR(4, q) FOR(width, j) lane[q][j] = FMA(X(q), Y(q), lane[q][j]); \
    FOR(width, j) sum[j] = (lane[0][j] + lane[2][j]) + (lane[1][j] + lane[3][j]); \
    if (l + 3 == k) FOR(width, j) sum[j] += FMA(X(2), Y(2), FMA(X(0), Y(0), P(1))); \
    if (l + 2 == k) FOR(width, j) sum[j] += FMA(X(0), Y(0), P(1)); \
    if (l + 1 == k) FOR(width, j) sum[j] = FMA(X(0), Y(0), sum[j]); \
}
#define QUADS_ROW(width) { \
    for (; l + 4 <= k; NEXT(4)) FOR(width, j) sum[j] += FMA(X(2), Y(2), P(0)) + FMA(X(3), Y(3), P(1)); \
    if (l + 2 <= k) { FOR(width, j) sum[j] += P(0) + P(1); NEXT(2); } \
    if (l < k) FOR(width, j) sum[j] += P(0); \
}
#define PAIRS_ROW(width) { \
    for (; l + 4 <= k; NEXT(4)) FOR(width, j) sum[j] = sum[j] + (P(0) + P(1)) + (P(2) + P(3)); \
    for (; l < k; NEXT(1)) FOR(width, j) sum[j] += P(0); \
}
#define ROWS(row, width) for (npy_intp i = 0; i < m; i++) { \
    T sum[width] = {0}; \
    const T *x = a + i * a_row, *y = b; \
    npy_intp l = 0; \
    row(width) \
    FOR(width, j) o[i * n + j] = sum[j] + (T)0; \
}

#define SMALL_LOOP(name, type, panel) \
WITH_FMA static void name(const type *a, npy_intp a_row, npy_intp a_column, \
                          const type *b, npy_intp b_row, npy_intp b_column, type *o, \
                          npy_intp m, npy_intp k, npy_intp n) { \
    typedef type T; \
    T packed[MAX_PACKED]; \
    if (b_column != 1 && n > 1) { /* the rows of a transposed matrix are not in one piece */ \
        for (npy_intp j = 0; j < n; j++) \
            for (npy_intp l = 0; l < k; l++) packed[l * n + j] = b[l * b_row + j * b_column]; \
        b = packed, b_row = n; \
    } \
    npy_intp left = n; \
    for (; sizeof(T) == 4 && left >= 8; left -= 8, b += 8, o += 8) panel(8) \
    for (; left >= 4; left -= 4, b += 4, o += 4) panel(4) \
    if (left == 3) panel(3) else if (left == 2) panel(2) else if (left) panel(1) \
}
#define LANES_PANEL(width) { ROWS(LANES_ROW, width) }
#define QUADS_PANEL(width) { ROWS(QUADS_ROW, width) }
#define PAIRS_PANEL(width) { ROWS(PAIRS_ROW, width) }
#define SMALL_LOOPS(name, type) \
    SMALL_LOOP(fused##name, type, PANEL) SMALL_LOOP(lanes##name, type, LANES_PANEL) \
    SMALL_LOOP(quads##name, type, QUADS_PANEL) SMALL_LOOP(pairs##name, type, PAIRS_PANEL)

#define ADDED FMA
#define FMA(x, y, sum) __builtin_fma(x, y, sum)
SMALL_LOOPS(64, double)
#undef FMA
#define FMA(x, y, sum) __builtin_fmaf(x, y, sum)
SMALL_LOOPS(32, float)
#undef ADDED
#define ADDED(x, y, sum) ((sum) + (x) * (y))
SMALL_LOOP(rounded64, double, PANEL)
SMALL_LOOP(rounded32, float, PANEL)

typedef void (*Small64)(const double *, npy_intp, npy_intp, const double *, npy_intp, npy_intp,
                        double *, npy_intp, npy_intp, npy_intp);
typedef void (*Small32)(const float *, npy_intp, npy_intp, const float *, npy_intp, npy_intp,
                        float *, npy_intp, npy_intp, npy_intp);
static const Small64 small64[ORDERS] = {fused64, rounded64, lanes64, quads64, pairs64};
static const Small32 small32[ORDERS] = {fused32, rounded32, lanes32, quads32, pairs32};

/* ------------------------------------------------------------------ execution */

/* The largest of a short row has the same bits in any order, unless it is a zero, of either sign,
 * or NaN: then this returns 0, and NumPy's loop is asked. */
#define LARGEST_OF_ROW(name, T) \
static inline int name(const char *from, char *to, npy_intp columns) { \
    const T *row = (const T *)from; \
    T most = row[0]; \
    for (npy_intp i = 1; i < columns; i++) \
        most = row[i] != row[i] ? row[i] : row[i] > most ? row[i] : most; \
    memcpy(to, &most, sizeof(T)); \
    return most < 0 || most > 0; \
}
LARGEST_OF_ROW(largest64, double)
LARGEST_OF_ROW(largest32, float)

static void reduce(const Op *op, char *from, char *to) {
    const npy_intp size = op->wide ? 8 : 4, strides[3] = {0, size, 0};
    const npy_intp rows = op->dims[0], columns = op->dims[1], chunk = op->dims[3];
    const npy_intp begin = op->dims[2]; /* 1 where there is no identity: the first number */
    const int is_short = op->steps[0] && columns <= SHORT_ROW; /* NumPy takes longer to begin */
    for (npy_intp r = 0; r < rows; r++, from += columns * size, to += size) {
        if (is_short && (op->wide ? largest64 : largest32)(from, to, columns)) continue;
        if (begin) memcpy(to, from, size);
        else memset(to, 0, size);
        for (npy_intp at = begin, n; at < columns; at += n) {
            char *args[3] = {to, from + at * size, to};
            n = columns - at < chunk ? columns - at : chunk;
            op->loop(args, &n, strides, op->data);
        }
    }
}

/* Python's arithmetic in double precision; where Python raises an error, Scalars stores NaN. */
static void compute(const ScalarStep *step, int count) {
    double stack[STACK], x, y;
    int top = 0, failed = 0;
    for (const ScalarStep *end = step + count; step < end; step++) {
        switch (step->code) {
        case PUSH: stack[top++] = *step->slot; continue;
        case NUMBER: stack[top++] = step->number; continue;
        case NEGATE: stack[top - 1] = -stack[top - 1]; continue;
        case STORE:
            x = failed ? (double)NAN : stack[--top];
            if (step->wide) *(double *)step->cell = x;
            else *(float *)step->cell = (float)x;
            top = failed = 0;
            continue;
        default: y = stack[--top], x = stack[top - 1];
        }
        switch (step->code) {
        case PLUS: stack[top - 1] = x + y; break;
        case MINUS: stack[top - 1] = x - y; break;
        case TIMES: stack[top - 1] = x * y; break;
        case OVER: failed |= y == 0; stack[top - 1] = x / y; break;
        default: /* POWER */
            stack[top - 1] = pow(x, y);
            failed |= isfinite(x) && isfinite(y) && !isfinite(stack[top - 1]);
        }
    }
}

static void gather(const Program *self, const Op *op) {
    const npy_intp start = op->dims[0], rows = op->dims[1], last = op->dims[2], size = op->steps[0];
    if (!op->dims[3]) {
        memcpy(op->args[1], op->args[0] + start * size, rows * size);
        return;
    }
    for (npy_intp r = 0; r < rows; r++) {
        npy_int64 k = self->order[start + r];
        k = k < 0 ? 0 : k > last ? last : k;
        memcpy(op->args[1] + r * size, op->args[0] + k * size, size);
    }
}

static inline void execute(const Program *self, const Op *op, npy_intp round) {
    char *args[MAX_ARGS]; /* a copy: matmul's loop moves the pointers that it is given */
    for (int i = 0; i < MAX_ARGS; i++) args[i] = op->args[i] + round * op->shift[i];
    switch (op->kind) {
    case KERNEL: case MATMUL: op->loop(args, op->dims, op->steps, op->data); break;
    case SMALL: {
        const npy_intp *d = op->dims, *s = op->steps; /* in numbers */
        if (op->wide)
            small64[d[3]]((double *)args[0], s[0], s[1], (double *)args[1], s[2], s[3],
                          (double *)args[2], d[0], d[1], d[2]);
        else
            small32[d[3]]((float *)args[0], s[0], s[1], (float *)args[1], s[2], s[3],
                          (float *)args[2], d[0], d[1], d[2]);
        break;
    }
    case OUTER:
        if (op->wide)
            outer64((double *)args[0], (double *)args[1], (double *)args[2], op->dims[0],
                    op->dims[1], op->dims[2], op->data);
        else
            outer32((float *)args[0], (float *)args[1], (float *)args[2], op->dims[0],
                    op->dims[1], op->dims[2], op->data);
        break;
    case REDUCE: reduce(op, args[0], args[1]); break;
    case BLOCKS:
        (op->wide ? exact64 : exact32)(self->exact + op->first, op->count, op->dims[0],
                                       op->dims[1], op->dims[2], round);
        break;
    case SCALARS: compute(self->steps + op->first, op->count); break;
    case GATHER: gather(self, op); break;
    default: break;
    }
}

/* What a call of `run` is to do, and when it must return. */
typedef struct {
    npy_intp epochs, first, every, row;
    int within;           /* whether it may stop within an epoch */
    double began, until, latest; /* between two updates; anywhere */
    const int *stop;
    const npy_int64 *orders;
    npy_intp soon, late; /* the work after which it looks at clock and flag: between, within */
    npy_intp rounds, spent;
} Request;

static const npy_intp SOON = 20000, LATE = 2000000; /* microseconds; a millisecond */
static const double STOP_SECONDS = 0.003; /* from the flag to the latest moment to return */

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int must_stop(Request *ask, int between) {
    const double now = seconds();
    if (ask->stop && __atomic_load_n(ask->stop, __ATOMIC_RELAXED)) {
        if (now < ask->until) ask->until = now;
        if (ask->within && now + STOP_SECONDS < ask->latest) ask->latest = now + STOP_SECONDS;
    }
    if (!between) return now > ask->latest;
    /* Not into an update that would not be finished in time: only between two can a run be saved. */
    if (now >= ask->until || !ask->within) return now >= ask->until;
    return now + (now - ask->began) / (double)ask->rounds > ask->latest;
}

static int keep_results(const Program *self, npy_intp row) {
    int finite = 1;
    for (const Result *r = self->results; row >= 0 && r < self->results + self->n_results; r++)
        memcpy(r->rows + row * r->size, r->source, r->size);
    for (int i = 0; i < self->n_losses; i++)
        finite &= isfinite(self->loss_wide[i] ? *(double *)self->losses[i]
                                              : *(float *)self->losses[i]) != 0;
    return finite;
}

/* Returns the number of epochs that were finished. */
static npy_intp run(Program *self, Request *ask) {
    for (npy_intp done = 0; done < ask->epochs; done++) {
        const int due = (ask->first + done) % ask->every == 0;
        self->order = ask->orders ? ask->orders + done * self->samples : NULL;
        for (; self->section < self->n_sections; self->section++, self->round = self->op = 0) {
            const Section *section = self->sections + self->section;
            if (section->role == EVALUATION && !due) continue;
            for (; self->round < section->count; self->round++, self->op = 0) {
                const Op *op = self->ops + section->first + self->op;
                const Op *last = self->ops + section->last;
                const int between = ask->within ? ask->rounds > 0
                                                : done > 0 && !self->section && !self->round;
                if (ask->spent > ask->soon && !self->op && between) {
                    if (must_stop(ask, 1)) return done;
                    ask->spent = 0;
                }
                for (; op < last; op++, self->op++) {
                    if (ask->spent > ask->late && ask->within) {
                        if (must_stop(ask, 0)) return done;
                        ask->spent = ask->soon + 1;
                    }
                    execute(self, op, section->base + self->round);
                    ask->spent += op->cost;
                }
                ask->rounds += section->role == UPDATE;
            }
        }
        self->section = self->round = self->op = 0;
        if (due && !keep_results(self, ask->row)) return done + 1;
        ask->row += due && ask->row >= 0;
    }
    return ask->epochs;
}

/* ------------------------------------------------------------------ checked operations */

#define REFUSE(...) do { PyErr_Format(PyExc_LookupError, __VA_ARGS__); return -1; } while (0)

static PyUFuncObject *matmul;

/* An item of a list, which must be a tuple to be parsed; NULL with an error. */
static PyObject *tuple_at(PyObject *list, Py_ssize_t i) {
    PyObject *item = PyTuple_GET_ITEM(list, i);
    if (PyTuple_Check(item)) return item;
    PyErr_Format(PyExc_LookupError, "not a tuple: %R", item);
    return NULL;
}

static char *data_of(PyObject *array) { return PyArray_BYTES((PyArrayObject *)array); }
static npy_intp bytes_of(PyObject *array) { return PyArray_NBYTES((PyArrayObject *)array); }

/* Checks operand `i`: an array in one piece, aligned, of `type`, in which `reach` numbers exist. */
static int check(PyObject *operands, Py_ssize_t i, int type, npy_intp reach, int written) {
    if (i >= PyTuple_GET_SIZE(operands)) REFUSE("operand %zd is missing", i);
    PyObject *object = PyTuple_GET_ITEM(operands, i);
    if (!PyArray_Check(object)) REFUSE("not an array: %R", object);
    PyArrayObject *array = (PyArrayObject *)object;
    if (PyArray_TYPE(array) != type || !PyArray_ISBEHAVED_RO(array) ||
        !PyArray_ISONESEGMENT(array) || (written && !PyArray_ISWRITEABLE(array)))
        REFUSE("an array of %R that cannot be used in place", (PyObject *)PyArray_DESCR(array));
    if (reach < 1 || reach > PyArray_SIZE(array))
        REFUSE("%zd numbers of an array with %zd", reach, PyArray_SIZE(array));
    return 0;
}

/* The type of an operation's last operand, its output; -1 with an error. */
static int output_type(PyObject *operands) {
    const Py_ssize_t size = PyTuple_GET_SIZE(operands);
    PyObject *out = size ? PyTuple_GET_ITEM(operands, size - 1) : Py_None;
    const int type = PyArray_Check(out) ? PyArray_TYPE((PyArrayObject *)out) : -1;
    if (type != NPY_DOUBLE && type != NPY_FLOAT) REFUSE("neither float64 nor float32: %R", out);
    return type;
}

/* The loop that NumPy keeps for arrays that are all of `type`. */
static int find_loop(Op *op, PyObject *function, int type, int nargs) {
    if (!PyObject_TypeCheck(function, &PyUFunc_Type)) REFUSE("not a ufunc: %R", function);
    const PyUFuncObject *ufunc = (PyUFuncObject *)function;
    if (ufunc->nargs != nargs || ufunc->nout != 1 || (ufunc->core_enabled && op->kind != MATMUL))
        REFUSE("%R does not have %d operands", function, nargs);
    for (int i = 0; i < ufunc->ntypes; i++) {
        const char *types = ufunc->types + i * nargs;
        int same = 1;
        for (int j = 0; j < nargs; j++) same &= types[j] == type;
        if (same && ufunc->functions[i]) {
            op->loop = ufunc->functions[i];
            op->data = ufunc->data ? (void *)ufunc->data[i] : NULL;
            return 0;
        }
    }
    REFUSE("%R has no loop for this type", function);
}

/* (n, step …): an element-wise call; a step is 0 for one number, else the size of a number. */
static int make_kernel(Op *op, PyObject *function, const npy_intp *n, PyObject *operands, int type) {
    const int nargs = (int)PyTuple_GET_SIZE(operands), size = op->wide ? 8 : 4;
    for (int i = 0; i < nargs; i++) {
        if (n[1 + i] != size && (n[1 + i] != 0 || i == nargs - 1)) REFUSE("a step of %zd", n[1 + i]);
        if (check(operands, i, type, n[1 + i] ? n[0] : 1, i == nargs - 1)) return -1;
        op->steps[i] = n[1 + i];
    }
    op->dims[0] = n[0];
    op->cost = 100 + 8 * n[0];
    return find_loop(op, function, type, nargs);
}

/* Whether (m, k, n, 6 steps) stay within the operands of a product; else an error and -1. */
static int check_product(const Op *op, const npy_intp *n, PyObject *operands, int type) {
    const npy_intp size = op->wide ? 8 : 4, shapes[3][2] = {{n[0], n[1]}, {n[1], n[2]}, {n[0], n[2]}};
    for (int i = 0; i < 3; i++) {
        const npy_intp rows = n[3 + 2 * i], columns = n[4 + 2 * i];
        if (rows < size || columns < size || rows % size || columns % size ||
            shapes[i][0] < 1 || shapes[i][1] < 1)
            REFUSE("a product of such arrays");
        if (shapes[i][0] - 1 > NPY_MAX_INTP / 4 / rows || shapes[i][1] - 1 > NPY_MAX_INTP / 4 / columns)
            REFUSE("a product of such arrays");
        const npy_intp reach = (shapes[i][0] - 1) * rows + (shapes[i][1] - 1) * columns;
        if (check(operands, i, type, reach / size + 1, i == 2)) return -1;
    }
    return 0;
}

/* (m, k, n, 6 steps): matmul's loop, which calls BLAS as ndarray.dot does, if k > 1. */
static int make_matmul(Op *op, PyObject *function, const npy_intp *n, PyObject *operands, int type) {
    if (function != (PyObject *)matmul) REFUSE("not matmul: %R", function);
    if (check_product(op, n, operands, type)) return -1;
    op->dims[0] = 1;
    memcpy(op->dims + 1, n, 3 * sizeof *n);
    memcpy(op->steps + 3, n + 3, 6 * sizeof *n);
    op->cost = 200 + n[0] * n[1] * n[2];
    return find_loop(op, function, type, 3);
}

/* (m, k, n, 6 steps, order): the same by our own loop, into rows without gaps. */
static int make_small(Op *op, const npy_intp *n, PyObject *operands, int type) {
    const npy_intp size = op->wide ? 8 : 4;
    if (check_product(op, n, operands, type)) return -1;
    const int column = n[2] == 1; /* computed as a row: the right operand's transpose comes first */
    const npy_intp rows = column ? 1 : n[0], columns = column ? n[0] : n[2];
    if (!has_fma() || n[9] < 0 || n[9] >= ORDERS || n[1] > MAX_PACKED / columns ||
        n[7] != n[2] * size || n[8] != size) REFUSE("such a product");
    op->dims[0] = rows, op->dims[1] = n[1], op->dims[2] = columns, op->dims[3] = n[9];
    for (int i = 0; i < 4; i++) op->steps[i] = n[column ? 6 - i : 3 + i] / size;
    if (column) {
        char *left = op->args[0];
        const npy_intp bytes = op->bytes[0];
        op->args[0] = op->args[1], op->bytes[0] = op->bytes[1];
        op->args[1] = left, op->bytes[1] = bytes;
    }
    op->cost = 20 + rows * n[1] * columns;
    return 0;
}

/* (m, n, zeros): see OUTER_LOOP; for zeros = 3 the function is an array of rules. */
static int make_outer(Op *op, PyObject *function, const npy_intp *n, PyObject *operands, int type) {
    if (n[0] < 1 || n[1] < 1 || check(operands, 0, type, n[0], 0) ||
        check(operands, 1, type, n[1], 0) || check(operands, 2, type, n[0] * n[1], 1)) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_LookupError, "an empty product");
        return -1;
    }
    memcpy(op->dims, n, 3 * sizeof *n);
    op->cost = 100 + 4 * n[0] * n[1];
    if (n[2] < 0 || n[2] >= 4 * RULES) REFUSE("no such rule for zeros");
    if (n[2] % RULES != 3) return 0;
    if (!PyArray_Check(function) ||
        PyArray_TYPE((PyArrayObject *)function) != NPY_UINT8 ||
        !PyArray_IS_C_CONTIGUOUS((PyArrayObject *)function) ||
        PyArray_SIZE((PyArrayObject *)function) != n[0] * n[1]) REFUSE("no such rule for zeros");
    op->data = data_of(function);
    return 0;
}

/* (rows, columns, first, chunk): each row by the function's loop, so many numbers at a time. */
static int make_reduce(Op *op, PyObject *function, const npy_intp *n, PyObject *operands, int type) {
    if (n[0] < 1 || n[1] < 1 || n[2] < 0 || n[2] > 1 || n[3] < 1) REFUSE("an empty reduction");
    if (check(operands, 1, type, n[0], 1) || check(operands, 0, type, n[1], 0) ||
        check(operands, 0, type, n[0] * n[1], 0)) return -1; /* the product of two sizes that exist */
    memcpy(op->dims, n, 4 * sizeof *n);
    op->cost = 100 + 2 * n[0] * n[1] + 50 * n[0];
    if (find_loop(op, function, type, 3)) return -1;
    op->steps[0] = !strcmp(((PyUFuncObject *)function)->name, "maximum");
    return 0;
}

/* (outputs, block, columns): a chain of ((operation, form, form), operands). */
static int make_blocks(Program *self, Op *op, const npy_intp *n, PyObject *chain, int type) {
    const npy_intp size = op->wide ? 8 : 4, columns = n[2];
    const int count = (int)PyTuple_GET_SIZE(chain);
    Exact *more = PyMem_Realloc(self->exact, (self->n_exact + count + 1) * sizeof *more);
    if (!more) { PyErr_NoMemory(); return -1; }
    self->exact = more;
    op->first = self->n_exact, op->count = count;
    if (n[0] < 1 || n[1] < 1 || columns < 1 || n[0] % columns || (columns > 1 && n[1] % columns))
        REFUSE("blocks of %zd", n[1]);
    for (int i = 0; i < count; i++) {
        int operation, forms[2];
        PyObject *operands;
        PyObject *item = tuple_at(chain, i);
        if (!item || !PyArg_ParseTuple(item, "(iii)O!", &operation, &forms[0],
                              &forms[1], &PyTuple_Type, &operands)) return -1;
        const int two = operation <= LT;
        if (operation < 0 || operation >= EXACT || PyTuple_GET_SIZE(operands) != 2 + two)
            REFUSE("no exact operation %d", operation);
        Exact *e = more + self->n_exact++;
        memset(e, 0, sizeof *e);
        for (int k = 0; k <= two; k++) {
            const int form = forms[k];
            const npy_intp reach[FORMS] = {n[0], 1, columns, n[0] / columns};
            if (form < 0 || form >= FORMS || (form >= ROW && operation != COPY) ||
                check(operands, k, type, reach[form], 0)) {
                if (!PyErr_Occurred()) PyErr_SetString(PyExc_LookupError, "no such form");
                return -1;
            }
        }
        if ((two ? forms[0] == ONE && forms[1] == ONE : forms[1] != EACH) ||
            (!two && operation != COPY && forms[0] != EACH)) REFUSE("forms %d, %d", forms[0], forms[1]);
        if (check(operands, 1 + two, type, n[0], 1)) return -1;
        e->code = CODE(operation, forms[0], forms[1]);
        e->a = data_of(PyTuple_GET_ITEM(operands, 0));
        e->b = two ? data_of(PyTuple_GET_ITEM(operands, 1)) : e->a;
        e->out = data_of(PyTuple_GET_ITEM(operands, 1 + two));
        e->bytes_a = bytes_of(PyTuple_GET_ITEM(operands, 0));
        e->bytes_b = two ? bytes_of(PyTuple_GET_ITEM(operands, 1)) : e->bytes_a;
        e->bytes_out = bytes_of(PyTuple_GET_ITEM(operands, 1 + two));
        e->step_a = forms[0] == EACH ? size : 0;
        e->step_b = two && forms[1] == EACH ? size : 0;
    }
    memcpy(op->dims, n, 3 * sizeof *n);
    op->cost = 50 + count * (20 + n[0]);
    return 0;
}

/* A list of (instruction, 0-d array or None, number). */
static int make_scalars(Program *self, Op *op, PyObject *list) {
    const int count = (int)PyTuple_GET_SIZE(list);
    ScalarStep *more = PyMem_Realloc(self->steps, (self->n_steps + count + 1) * sizeof *more);
    if (!more) { PyErr_NoMemory(); return -1; }
    self->steps = more;
    op->first = self->n_steps, op->count = count, op->cost = 20 * count;
    int depth = 0;
    for (int i = 0; i < count; i++) {
        ScalarStep *step = more + self->n_steps++;
        PyObject *cell;
        int code;
        memset(step, 0, sizeof *step);
        PyObject *item = tuple_at(list, i);
        if (!item || !PyArg_ParseTuple(item, "iOd", &code, &cell, &step->number)) return -1;
        if (code < PUSH || code > STORE) REFUSE("no instruction %d", code);
        step->code = (Instruction)code;
        if (code == PUSH || code == STORE) {
            PyObject *operands = PyTuple_Pack(1, cell);
            const int type = operands ? output_type(operands) : -1;
            int bad = type < 0 || check(operands, 0, type, 1, 1);
            Py_XDECREF(operands);
            if (bad) return -1;
            step->wide = type == NPY_DOUBLE;
            if (code == PUSH && !step->wide) REFUSE("a number that is not float64");
            step->slot = code == PUSH ? (double *)data_of(cell) : NULL;
            step->cell = data_of(cell);
        }
        const int needs = code <= NUMBER ? 0 : code < NEGATE ? 2 : 1;
        if (depth < needs || (code == STORE && depth != 1)) REFUSE("an operand is missing");
        depth += code <= NUMBER ? 1 : code == NEGATE ? 0 : -1;
        if (depth >= STACK) REFUSE("too long an expression");
    }
    if (depth) REFUSE("a value is not stored");
    return 0;
}

/* (start, rows, ordered): rows of (data, window), both (…, columns). */
static int make_gather(Program *self, Op *op, const npy_intp *n, PyObject *operands, int type) {
    if (check(operands, 0, type, 1, 0) || check(operands, 1, type, 1, 1)) return -1;
    PyArrayObject *data = (PyArrayObject *)PyTuple_GET_ITEM(operands, 0);
    PyArrayObject *window = (PyArrayObject *)PyTuple_GET_ITEM(operands, 1);
    if (PyArray_NDIM(data) != 2 || PyArray_NDIM(window) != 2 || !PyArray_IS_C_CONTIGUOUS(data) ||
        !PyArray_IS_C_CONTIGUOUS(window) || PyArray_DIM(data, 1) != PyArray_DIM(window, 1) ||
        n[0] < 0 || n[1] < 1 || n[0] > PyArray_DIM(data, 0) - n[1] || n[1] > PyArray_DIM(window, 0))
        REFUSE("such rows");
    op->dims[0] = n[0], op->dims[1] = n[1], op->dims[2] = PyArray_DIM(data, 0) - 1;
    op->dims[3] = n[2] != 0;
    op->steps[0] = PyArray_DIM(data, 1) * PyArray_ITEMSIZE(data);
    op->cost = 100 + n[1] * (op->steps[0] / 8 + 5);
    if (op->dims[3] && self->samples && self->samples != PyArray_DIM(data, 0))
        REFUSE("orders of two lengths");
    if (op->dims[3]) self->samples = PyArray_DIM(data, 0);
    return 0;
}

static int make_op(Program *self, Op *op, PyObject *item) {
    static const int lengths[KINDS] = {0, 9, 10, 3, 4, 3, 0, 3},
        operand_counts[KINDS] = {0, 3, 3, 3, 2, 0, 0, 2};
    const char *name;
    PyObject *function, *list, *operands;
    npy_intp n[10] = {0};
    int kind = 0, type = NPY_DOUBLE;
    if (!PyArg_ParseTuple(item, "sOO!O!", &name, &function, &PyTuple_Type, &list, &PyTuple_Type,
                          &operands)) return -1;
    while (kind < KINDS && strcmp(kind_names[kind], name)) kind++;
    if (kind == KINDS) REFUSE("no operation %s", name);
    const Py_ssize_t length = PyTuple_GET_SIZE(list), count = PyTuple_GET_SIZE(operands);
    op->kind = (Kind)kind;
    if (kind == SCALARS) return make_scalars(self, op, operands);
    if (length != (kind == KERNEL ? 1 + count : lengths[kind])) REFUSE("%zd numbers for %s", length, name);
    if (kind == KERNEL ? count < 2 || count > MAX_ARGS
                       : operand_counts[kind] && count != operand_counts[kind]) REFUSE("%zd operands", count);
    for (Py_ssize_t i = 0; i < length; i++) {
        n[i] = PyLong_AsSsize_t(PyTuple_GET_ITEM(list, i));
        if (n[i] == -1 && PyErr_Occurred()) return -1;
    }
    if (kind == BLOCKS) {
        PyObject *operands_of_first, *first = count ? tuple_at(operands, 0) : NULL;
        if (!first || !PyArg_ParseTuple(first, "OO!", &(PyObject *){NULL},
                                        &PyTuple_Type, &operands_of_first)) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_LookupError, "an empty chain");
            return -1;
        }
        if ((type = output_type(operands_of_first)) < 0) return -1;
        op->wide = type == NPY_DOUBLE;
        return make_blocks(self, op, n, operands, type);
    }
    if ((type = output_type(operands)) < 0) return -1;
    op->wide = type == NPY_DOUBLE;
    for (Py_ssize_t i = 0; i < count; i++)
        if (PyArray_Check(PyTuple_GET_ITEM(operands, i))) {
            op->args[i] = data_of(PyTuple_GET_ITEM(operands, i));
            op->bytes[i] = bytes_of(PyTuple_GET_ITEM(operands, i));
        }
    switch (kind) {
    case KERNEL: return make_kernel(op, function, n, operands, type);
    case MATMUL: return make_matmul(op, function, n, operands, type);
    case SMALL: return make_small(op, n, operands, type);
    case OUTER: return make_outer(op, function, n, operands, type);
    case REDUCE: return make_reduce(op, function, n, operands, type);
    default: return make_gather(self, op, n, operands, type);
    }
}

/* ------------------------------------------------------------------ sections */

/* Lets an operand of `bytes` inside `batch` move on by the batch's bytes each round.
   Returns whether it is inside, -1 where it is only in part. */
static int shift_operand(const char *operand, npy_intp bytes, PyArrayObject *batch, npy_intp *shift) {
    const char *start = PyArray_BYTES(batch);
    const npy_intp step = PyArray_NBYTES(batch);
    if (operand < start || operand >= start + step) return 0;
    if (operand + bytes > start + step) REFUSE("an operand leaves its batch");
    *shift = step;
    return 1;
}

/* (first, last, base, count, role, moves): `moves` are (batch, window) of every moved array. */
static int make_section(Program *self, Section *s, PyObject *item) {
    PyObject *moves;
    if (!PyArg_ParseTuple(item, "iiiiiO!", &s->first, &s->last, &s->base, &s->count, &s->role,
                          &PyTuple_Type, &moves)) return -1;
    if (s->first < 0 || s->first > s->last || s->last > self->n_ops || s->base < 0 || s->count < 0)
        REFUSE("no such section");
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(moves); i++) {
        PyArrayObject *batch, *window;
        PyObject *pair = tuple_at(moves, i);
        if (!pair || !PyArg_ParseTuple(pair, "O!O!", &PyArray_Type, &batch, &PyArray_Type,
                              &window)) return -1;
        const npy_intp step = PyArray_NBYTES(batch);
        if (!PyArray_IS_C_CONTIGUOUS(batch) || !PyArray_IS_C_CONTIGUOUS(window) ||
            PyArray_BYTES(batch) != PyArray_BYTES(window) ||
            step * ((npy_intp)s->base + s->count) > PyArray_NBYTES(window)) REFUSE("no such batches");
        for (Op *op = self->ops + s->first; op < self->ops + s->last; op++) {
            const int out = op->args[2] ? 2 : 1;
            for (int k = 0; k < MAX_ARGS && op->args[k]; k++)
                switch (shift_operand(op->args[k], op->bytes[k], batch, &op->shift[k])) {
                case -1: return -1;
                case 1: if (k == out) REFUSE("a batch is written to");
                }
            if (op->kind == BLOCKS)
                for (Exact *e = self->exact + op->first; e < self->exact + op->first + op->count; e++) {
                    npy_intp written = 0;
                    if (shift_operand(e->a, e->bytes_a, batch, &e->shift_a) < 0 ||
                        shift_operand(e->b, e->bytes_b, batch, &e->shift_b) < 0) return -1;
                    switch (shift_operand(e->out, e->bytes_out, batch, &written)) {
                    case -1: return -1;
                    case 1: REFUSE("a batch is written to");
                    }
                }
        }
    }
    return 0;
}

/* (source, rows): after a due epoch, `source` is copied into one of `rows`. */
static int make_result(Result *result, PyObject *item) {
    PyArrayObject *source, *rows;
    if (!PyArg_ParseTuple(item, "O!O!", &PyArray_Type, &source, &PyArray_Type, &rows)) return -1;
    if (!PyArray_IS_C_CONTIGUOUS(source) || !PyArray_ISCARRAY(rows) || PyArray_NDIM(rows) < 1 ||
        PyArray_TYPE(source) != PyArray_TYPE(rows) ||
        PyArray_NBYTES(rows) != PyArray_DIM(rows, 0) * PyArray_NBYTES(source)) REFUSE("such rows");
    result->source = PyArray_BYTES(source);
    result->rows = PyArray_BYTES(rows);
    result->size = PyArray_NBYTES(source);
    result->capacity = PyArray_DIM(rows, 0);
    return 0;
}

static int fill(Program *self, PyObject *ops, PyObject *sections, PyObject *results, PyObject *losses) {
    PyObject *item;
    self->n_ops = (int)PyTuple_GET_SIZE(ops);
    self->n_sections = (int)PyTuple_GET_SIZE(sections);
    self->n_results = (int)PyTuple_GET_SIZE(results);
    self->n_losses = (int)PyTuple_GET_SIZE(losses);
    self->ops = PyMem_Calloc(self->n_ops + 1, sizeof(Op));
    self->sections = PyMem_Calloc(self->n_sections + 1, sizeof(Section));
    if (!self->ops || !self->sections) { PyErr_NoMemory(); return -1; }
    if (self->n_results > MAX_RESULTS || self->n_losses > MAX_RESULTS) REFUSE("too many results");
    for (int i = 0; i < self->n_ops; i++)
        if (!(item = tuple_at(ops, i)) || make_op(self, self->ops + i, item)) return -1;
    for (int i = 0; i < self->n_sections; i++)
        if (!(item = tuple_at(sections, i)) || make_section(self, self->sections + i, item)) return -1;
    for (int i = 0; i < self->n_results; i++)
        if (!(item = tuple_at(results, i)) || make_result(self->results + i, item)) return -1;
    for (int i = 0; i < self->n_losses; i++) {
        PyObject *loss = PyTuple_GET_ITEM(losses, i), *operands = PyTuple_Pack(1, loss);
        const int type = operands ? output_type(operands) : -1;
        const int bad = type < 0 || check(operands, 0, type, 1, 0);
        Py_XDECREF(operands);
        if (bad) return -1;
        self->losses[i] = data_of(loss);
        self->loss_wide[i] = type == NPY_DOUBLE;
    }
    return 0;
}

/* ------------------------------------------------------------------ the Python type */

static void program_dealloc(Program *self) {
    PyMem_Free(self->ops);
    PyMem_Free(self->exact);
    PyMem_Free(self->steps);
    PyMem_Free(self->sections);
    Py_XDECREF(self->keep);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *program_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    static char *names[] = {"operations", "sections", "results", "losses", NULL};
    PyObject *ops, *sections, *results, *losses;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O!O!O!", names, &PyTuple_Type, &ops,
            &PyTuple_Type, &sections, &PyTuple_Type, &results, &PyTuple_Type, &losses)) return NULL;
    Program *self = (Program *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->keep = PyTuple_Pack(4, ops, sections, results, losses);
    if (!self->keep || fill(self, ops, sections, results, losses)) { Py_DECREF(self); return NULL; }
    return (PyObject *)self;
}

PyDoc_STRVAR(run_doc, "run(epochs, first, every, row, within, seconds, extra, stop, orders)\n--\n\n"
"Run epochs `first` … without the GIL; return how many were finished.\n\n"
"Results of each `every`-th are copied into their rows from `row` on, if it is not -1. It returns early after an\n"
"epoch whose loss is not finite, and after `seconds` or when `stop`, an intc array, is not 0:\n"
"between two epochs, or `within` an epoch between two updates, in the middle of one after `extra`\n"
"seconds. The next call continues there. `orders` (epochs, samples) are int64, or None.");

static PyObject *program_run(Program *self, PyObject *args) {
    PyObject *stop, *orders;
    Py_ssize_t epochs, first, every, row;
    double limit, extra;
    Request ask = {0};
    if (!PyArg_ParseTuple(args, "nnnnpddOO", &epochs, &first, &every, &row, &ask.within, &limit,
                          &extra, &stop, &orders)) return NULL;
    int fits = epochs >= 0 && first >= 0 && every > 0;
    const npy_intp due = fits ? (first + epochs + every - 1) / every - (first + every - 1) / every : 0;
    for (int i = 0; i < self->n_results; i++) fits = fits && row + due <= self->results[i].capacity;
    if (stop != Py_None)
        fits = fits && PyArray_Check(stop) && PyArray_TYPE((PyArrayObject *)stop) == NPY_INT &&
            PyArray_ISCARRAY((PyArrayObject *)stop) && PyArray_SIZE((PyArrayObject *)stop) == 1;
    if (self->samples)
        fits = fits && PyArray_Check(orders) && PyArray_TYPE((PyArrayObject *)orders) == NPY_INT64 &&
            PyArray_ISCARRAY_RO((PyArrayObject *)orders) &&
            PyArray_SIZE((PyArrayObject *)orders) >= epochs * self->samples;
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "no room for the results, or no order for every epoch");
        return NULL;
    }
    if (self->running) {
        PyErr_SetString(PyExc_RuntimeError, "the program is running in another thread");
        return NULL;
    }
    ask.epochs = epochs, ask.first = first, ask.every = every, ask.row = row;
    ask.stop = stop == Py_None ? NULL : PyArray_DATA((PyArrayObject *)stop);
    ask.orders = self->samples ? PyArray_DATA((PyArrayObject *)orders) : NULL;
    ask.soon = limit > 0 ? SOON : 0, ask.late = limit > 0 || extra > 0 ? LATE : 0;
    npy_intp done;
    self->running = 1;
    Py_BEGIN_ALLOW_THREADS
    ask.began = seconds();
    ask.until = ask.began + limit;
    ask.latest = ask.within ? ask.until + extra : INFINITY;
    done = run(self, &ask);
    feclearexcept(FE_ALL_EXCEPT); /* the next NumPy call would warn of what happened here */
    Py_END_ALLOW_THREADS
    self->running = 0;
    return PyLong_FromSsize_t(done);
}

static PyObject *program_go_to(Program *self, PyObject *args) {
    int section, round;
    if (!PyArg_ParseTuple(args, "ii", &section, &round)) return NULL;
    if (self->running || section < 0 || section > self->n_sections || round < 0) {
        PyErr_SetString(PyExc_ValueError, "there is no such section");
        return NULL;
    }
    self->section = section, self->round = round, self->op = 0;
    Py_RETURN_NONE;
}

static PyObject *program_position(Program *self, void *closure) {
    return Py_BuildValue("iii", self->section, self->round, self->op);
}

static PyMethodDef program_methods[] = {
    {"run", (PyCFunction)program_run, METH_VARARGS, run_doc},
    {"go_to", (PyCFunction)program_go_to, METH_VARARGS,
     "go_to(section, round)\n--\n\nLet the next run begin there."},
    {NULL}};

static PyGetSetDef program_attributes[] = {
    {"position", (getter)program_position, NULL,
     "(section, round, operation) where an interrupted epoch continues; (0, 0, 0) between two.", NULL},
    {NULL}};

static PyTypeObject program_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "nn_tui.nn.kernels._replay.Program",
    .tp_basicsize = sizeof(Program),
    .tp_doc = "Program(operations, sections, results, losses): see lowering.py.",
    .tp_dealloc = (destructor)program_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = program_methods,
    .tp_getset = program_attributes,
    .tp_new = program_new,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_replay", "NumPy calls without Python between them.", -1, NULL};

PyMODINIT_FUNC PyInit__replay(void) {
    import_array();
    import_umath();
    PyObject *numpy = PyImport_ImportModule("numpy"), *names = PyTuple_New(EXACT), *made = NULL;
    if (numpy) matmul = (PyUFuncObject *)PyObject_GetAttrString(numpy, "matmul");
    Py_XDECREF(numpy);
    if (!matmul || !names || PyType_Ready(&program_type) < 0) return NULL;
    for (int i = 0; i < EXACT; i++) {
        PyObject *name = PyUnicode_FromString(exact_names[i]);
        if (!name) return NULL;
        PyTuple_SET_ITEM(names, i, name);
    }
    if (!(made = PyModule_Create(&module)) || PyModule_AddObject(made, "EXACT", names) ||
        PyModule_AddObject(made, "Program", Py_NewRef((PyObject *)&program_type))) return NULL;
    return made;
}
