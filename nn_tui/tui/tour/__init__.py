"""The first minute: a walk through the blog's story, on the experiment itself."""
