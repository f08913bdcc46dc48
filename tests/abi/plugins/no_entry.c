/* SPDX-License-Identifier: MIT
 * A shared library that is no plugin. */
#include "test_plugin.h"

KOPPEL_EXPORT int no_entry_answer(void);

int no_entry_answer(void)
{
    return 42;
}
