/* Trains layers of one activation with half the squared error in mini-batches.
 *
 * The compiler is told everything about the network, so that each loop has a known length:
 * LAYERS(X) is X(index, inputs, outputs, first parameter) for each layer in turn, BACKWARDS(X) the
 * same from the last; DEPTH, OUTPUTS and WIDEST of the network, BIAS and TANH are 0 or 1,
 * BATCH, TRAIN and TEST are numbers of samples. */
#include <math.h>

#define INLINE static inline __attribute__((always_inline))
#define MOST (TRAIN > TEST ? TRAIN : TEST)
typedef const double *restrict In;
typedef double *restrict Out;

static double outputs[DEPTH + 1][MOST * WIDEST], deltas[DEPTH + 1][BATCH * WIDEST];

INLINE double activation(double z) { return TANH ? tanh(z) : 1 / (1 + exp(-z)); }
INLINE double slope(double y) { return TANH ? 1 - y * y : y * (1 - y); }

INLINE void forward(In x, In weights, In biases, Out y, int rows, int n, int m) {
    for (int r = 0; r < rows; r++) {
        for (int j = 0; j < m; j++) y[r * m + j] = BIAS ? biases[j] : 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++) y[r * m + j] += x[r * n + i] * weights[i * m + j];
    }
    for (int k = 0; k < rows * m; k++) y[k] = activation(y[k]);
}

/* The delta of the layer below: from the delta of this one through its weights. */
INLINE void back(In delta, In weights, In x, Out below, int n, int m) {
    for (int r = 0; r < BATCH; r++)
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < m; j++) sum += delta[r * m + j] * weights[i * m + j];
            below[r * n + i] = sum * slope(x[r * n + i]);
        }
}

INLINE void update(In x, In delta, Out weights, Out biases, int n, int m, double rate) {
    double sums[n * m], sums_of_biases[m];
    for (int k = 0; k < n * m; k++) sums[k] = 0;
    for (int j = 0; j < m; j++) sums_of_biases[j] = 0;
    for (int r = 0; r < BATCH; r++) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++) sums[i * m + j] += x[r * n + i] * delta[r * m + j];
        for (int j = 0; j < m; j++) sums_of_biases[j] += delta[r * m + j];
    }
    for (int k = 0; k < n * m; k++) weights[k] += rate * sums[k];
    if (BIAS)
        for (int j = 0; j < m; j++) biases[j] += rate * sums_of_biases[j];
}

#define INPUT(layer, x) ((layer) ? outputs[layer] : (x))

#define FORWARD(layer, n, m, at) \
    forward(INPUT(layer, x), parameters + at, parameters + at + n * m, outputs[layer + 1], rows, n, m);

/* The mean loss of `rows` samples. */
INLINE double loss(const double *x, const double *targets, const double *parameters, int rows) {
    LAYERS(FORWARD)
    double sum = 0;
    for (int k = 0; k < rows * OUTPUTS; k++) {
        const double error = targets[k] - outputs[DEPTH][k];
        sum += error * error;
    }
    return sum / (2.0 * rows);
}

INLINE void step(const double *x, const double *targets, double *parameters, double rate) {
    const int rows = BATCH;
    LAYERS(FORWARD)
    for (int k = 0; k < BATCH * OUTPUTS; k++)
        deltas[DEPTH][k] = (targets[k] - outputs[DEPTH][k]) * slope(outputs[DEPTH][k]);
#define BACK(layer, n, m, at) \
    if (layer) back(deltas[layer + 1], parameters + at, outputs[layer], deltas[layer], n, m); \
    update(INPUT(layer, x), deltas[layer + 1], parameters + at, parameters + at + n * m, n, m, rate);
    BACKWARDS(BACK)
}

void train(long epochs, double rate, int inputs, const double *x, const double *targets,
           const double *test_x, const double *test_targets, double *parameters,
           double *train_losses, double *test_losses) {
    for (long e = 0; e < epochs; e++) {
        for (int r = 0; r < TRAIN; r += BATCH)
            step(x + r * inputs, targets + r * OUTPUTS, parameters, rate);
        train_losses[e] = loss(x, targets, parameters, TRAIN);
        if (TEST) test_losses[e] = loss(test_x, test_targets, parameters, TEST);
    }
}
