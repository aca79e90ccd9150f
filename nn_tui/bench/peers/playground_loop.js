// Trains a network of objects, one sample at a time, as TensorFlow Playground does in a browser:
// nodes with links to both sides, derivatives collected in each of them, an update every `batch`
// samples, then the loss over all samples of both parts.
//
// The first line of the input is the task as JSON. Each further line is a number of epochs, which
// is answered with their losses, or "cpu", answered with the seconds of CPU used so far.
"use strict";

const HALF_SQUARED_ERROR = {
  value: (output, target) => 0.5 * (output - target) ** 2,
  slope: (output, target) => output - target,
};
const ACTIVATIONS = {
  tanh: { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  sigmoid: {
    value: (z) => 1 / (1 + Math.exp(-z)),
    slope: (z) => {
      const y = 1 / (1 + Math.exp(-z));
      return y * (1 - y);
    },
  },
};

class Link {
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
    this.slope = 0;
    this.sum = 0;
  }
}

class Node {
  constructor(bias, activation) {
    this.bias = bias;
    this.activation = activation;
    this.inputs = [];
    this.outputs = [];
    this.z = 0;
    this.output = 0;
    this.outputSlope = 0;
    this.inputSlope = 0;
    this.sum = 0;
    this.count = 0;
  }

  update() {
    this.z = this.bias;
    for (let i = 0; i < this.inputs.length; i++) {
      const link = this.inputs[i];
      this.z += link.weight * link.source.output;
    }
    this.output = this.activation.value(this.z);
    return this.output;
  }
}

function build(task) {
  const activation = ACTIVATIONS[task.activation];
  const layers = [task.weights[0].map(() => new Node(0, activation))];
  task.weights.forEach((matrix, layer) => {
    const nodes = matrix[0].map((_, j) => new Node(task.biases[layer][j], activation));
    nodes.forEach((node, j) =>
      layers[layer].forEach((source, i) => {
        const link = new Link(source, node, matrix[i][j]);
        source.outputs.push(link);
        node.inputs.push(link);
      })
    );
    layers.push(nodes);
  });
  return layers;
}

function forward(layers, inputs) {
  for (let i = 0; i < inputs.length; i++) layers[0][i].output = inputs[i];
  for (let l = 1; l < layers.length; l++) {
    const layer = layers[l];
    for (let i = 0; i < layer.length; i++) layer[i].update();
  }
  return layers[layers.length - 1][0].output;
}

function backward(layers, target, error) {
  const last = layers[layers.length - 1][0];
  last.outputSlope = error.slope(last.output, target);
  for (let l = layers.length - 1; l >= 1; l--) {
    const layer = layers[l];
    for (let i = 0; i < layer.length; i++) {
      const node = layer[i];
      node.inputSlope = node.outputSlope * node.activation.slope(node.z);
      node.sum += node.inputSlope;
      node.count++;
    }
    for (let i = 0; i < layer.length; i++) {
      const node = layer[i];
      for (let j = 0; j < node.inputs.length; j++) {
        const link = node.inputs[j];
        link.slope = node.inputSlope * link.source.output;
        link.sum += link.slope;
      }
    }
    if (l === 1) continue;
    const below = layers[l - 1];
    for (let i = 0; i < below.length; i++) {
      const node = below[i];
      node.outputSlope = 0;
      for (let j = 0; j < node.outputs.length; j++) {
        const link = node.outputs[j];
        node.outputSlope += link.weight * link.target.inputSlope;
      }
    }
  }
}

function update(layers, rate) {
  for (let l = 1; l < layers.length; l++) {
    const layer = layers[l];
    for (let i = 0; i < layer.length; i++) {
      const node = layer[i];
      const step = rate / node.count;
      node.bias -= step * node.sum;
      for (let j = 0; j < node.inputs.length; j++) {
        const link = node.inputs[j];
        link.weight -= step * link.sum;
        link.sum = 0;
      }
      node.sum = 0;
      node.count = 0;
    }
  }
}

function loss(layers, samples, error) {
  let sum = 0;
  for (let i = 0; i < samples.length; i++)
    sum += error.value(forward(layers, samples[i].inputs), samples[i].target);
  return sum / samples.length;
}

function epoch(layers, task) {
  task.train.forEach((sample, i) => {
    forward(layers, sample.inputs);
    backward(layers, sample.target, HALF_SQUARED_ERROR);
    if ((i + 1) % task.batch === 0) update(layers, task.rate);
  });
  return ["train", "test"].map((part) => loss(layers, task[part], HALF_SQUARED_ERROR));
}

let layers = null;
let task = null;
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  if (task === null) {
    task = JSON.parse(line);
    layers = build(task);
  } else if (line === "cpu") {
    const used = process.cpuUsage();
    console.log((used.user + used.system) / 1e6);
  } else {
    const losses = [];
    for (let e = 0; e < Number(line); e++) losses.push(epoch(layers, task));
    console.log(JSON.stringify(losses));
  }
});
