def run(text, path):
    print("running", text)  # expect: log, sink(log)
    value = eval(text)  # expect: sink(code-execution)
    exec(text)  # expect: sink(code-execution)
    with open(path) as handle:  # expect: sink(file-path)
        data = handle.read()
    return value, data, len(text), str(text)
