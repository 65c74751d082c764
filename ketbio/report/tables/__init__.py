"""Results → tables as journals print them: HTML, Word, LaTeX, typst, CSV, Markdown.

A builder (`tabulate_participants`, `tabulate_changes`, `tabulate_results`) makes a `Table` whose
cells name the rows of ``tidy(results)`` that they come from; a renderer writes it. Nothing is
computed here. Import from the modules: this page imports nothing, since a report's own tables
come from here too.
"""
