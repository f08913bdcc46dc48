/* SPDX-License-Identifier: MIT
 * Expressions from their text; expr.h tells what may stand in one. */
#ifndef KOPPEL_BASE_EXPR_PARSE_H
#define KOPPEL_BASE_EXPR_PARSE_H

#include "base/expr.h"

/* NULL and err (KOPPEL_E_CONFIG, with the column) on a mistake. expr_free frees it. */
struct expr *expr_parse(const char *text, struct koppel_error *err);

#endif
