"""May this go out, now, to them? Every answer is a list of objections; an empty one is a yes."""
