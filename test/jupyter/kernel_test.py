"""Jupyter's own conformance tests, with a sample for each of them: none is skipped."""

import sys
import unittest

import jupyter_kernel_test as jkt


class OutgrowTests(jkt.KernelTests):
    kernel_name = "outgrow"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "%profile?"
    code_generate_error = "throw new RangeError('as ordered')"
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "[1, 2].map((n) => n * 2)", "result": "[ 2, 4 ]"},
        {"code": "const six: number = 6; six", "result": "6"},
        {"code": "await Promise.resolve(7)", "result": "7"},
    ]
    code_display_data = [
        {"code": "display({ 'text/html': '<b>bold</b>' }, { raw: true })", "mime": "text/html"},
        {"code": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*slanted*' }) })", "mime": "text/markdown"},
    ]
    code_inspect_sample = "parseInt"
    code_clear_output = "clearOutput(true)"
    code_history_pattern = "1 +*"
    supported_history_operations = ("tail", "range", "search")

    completion_samples = [
        {"text": "'text'.toUpp", "matches": {"toUpperCase"}},
        {"text": "%typech", "matches": {"%typecheck"}},
    ]
    complete_code_samples = ["1", "const x = () => 1;", "/* done */", "if (1) { 2 }", "%lsmagic"]
    incomplete_code_samples = ["function f() {", "const x =", "`text", "/* open", "[1,"]
    invalid_code_samples = ["const = 1", "let let 3", "1 +* 2", ")"]


class OutgrowWelcomeTests(jkt.IopubWelcomeTests):
    kernel_name = "outgrow"
    support_iopub_welcome = True


if __name__ == "__main__":
    # Counted, since a test that was skipped says nothing about the kernel.
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    print(f"ran {result.testsRun}, skipped {len(result.skipped)}, failed {len(result.failures) + len(result.errors)}")
    sys.exit(0 if result.wasSuccessful() else 1)
