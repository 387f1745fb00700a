"""Measurements at the size of a large provider, each beside its plain limit in the same run.

`script/bench` runs them all and prints one table. To add one, write a function in a module of this package,
give it `@measurement("name")`, and import the module in `__main__`.
"""
