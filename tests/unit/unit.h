// SPDX-License-Identifier: MIT
// What every unit program is: one suite of one case, run and told.
//
//     UNIT_MAIN("buf")
//     {
//         tcase_add_test(t, grows_and_gives_its_text);
//         LOOP(refuses, bad_texts);
//     }
#ifndef KOPPEL_TESTS_UNIT_H
#define KOPPEL_TESTS_UNIT_H

#include <check.h>

// Begins the function that adds the program's tests to the case `t`.
#define UNIT_MAIN(name)                                                                            \
    static void unit_tests(TCase *t);                                                              \
    int main(void)                                                                                 \
    {                                                                                              \
        return unit_run(name, unit_tests);                                                         \
    }                                                                                              \
    static void unit_tests(TCase *t)

// Runs the test once for each row of the table, which it finds by _i.
#define LOOP(test, table) tcase_add_loop_test(t, test, 0, (int)(sizeof(table) / sizeof(table)[0]))

// Runs what `add` adds; the program's exit code.
static inline int unit_run(const char *name, void (*add)(TCase *t))
{
    Suite *suite = suite_create(name);
    TCase *tests = tcase_create(name);
    add(tests);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}

#endif
