def quote(name):
    return '"' + name.replace('"', '""') + '"'
