// SPDX-License-Identifier: MIT
// The lists that the till is set up with and that no client changes. Its account numbers are
// those of the books.
#include "shop.h"

#include <string.h>

const struct payment_method payment_methods[PAYMENTS] = {
    [PAY_CASH] = {"CASH", "Contant", "PAYMENT", 1000, true, true},
    [PAY_PIN] = {"PIN", "PIN", "EFT", 1010, true, true},
    [PAY_IDEAL] = {"IDEAL", "iDEAL", "PAYMENT", 1020, false, true},
    [PAY_INVOICE] = {"INVOICE", "Op rekening", "PAYMENT", 1300, true, true},
    [PAY_CRYPTO] = {"CRYPTO", "Crypto", "PAYMENT", 0, false, false},
    [PAY_GIFT_CARD] = {"GIFTCARD", "Cadeaukaart", "SUSPENSE", 1750, true, true},
};

int payment_by_code(const char *code)
{
    for (int i = 0; i < PAYMENTS; i++) {
        if (payment_methods[i].known && strcmp(payment_methods[i].code, code) == 0)
            return i;
    }
    return -1;
}

const struct turnover_group turnover_groups[] = {
    {1, "Omzet hoog", "TURNOVER", "TURNOVER", 8000, 8000, 1, true},
    {2, "Omzet laag", "TURNOVER", "TURNOVER", 8010, 8010, 2, true},
    {3, "Omzet nul", "TURNOVER", "TURNOVER", 8020, 8020, 3, true},
    {4, "Cadeaus en boeken", "TURNOVER", "TURNOVER", 8031, 8034, 1, true},
    {GROUP_DEPOSIT, "Statiegeld", "REFUNDABLE-DEPOSIT", "REFUNDABLE-DEPOSIT", 1760, 1760, 3, true},
    {GROUP_GIFT_CARD, "Cadeaukaarten", "SUSPENSE", "SUSPENSE-ACCOUNT", 1750, 1750, 3, true},
    {GROUP_SHIPPING, "Verzendkosten", "TURNOVER", "TURNOVER", 8300, 8300, 1, true},
    {GROUP_INFLOW, "Kasstorting", "CASH-INFLOW", "CASH-INFLOW", 2000, 2000, 3, true},
    {GROUP_OUTFLOW, "Kasuitgave", "CASH-OUTFLOW", "CASH-OUTFLOW", 1100, 1100, 3, true},
    {GROUP_ROUNDING, "Afronding", "TURNOVER", "TURNOVER", 8900, 8900, 3, true},
    {99, "Oude omzet", "TURNOVER", "TURNOVER", 8999, 8999, 1, false},
};
const size_t turnover_group_count = sizeof turnover_groups / sizeof *turnover_groups;

const struct turnover_group *turnover_group(int number)
{
    for (size_t i = 0; i < turnover_group_count; i++) {
        if (turnover_groups[i].number == number)
            return &turnover_groups[i];
    }
    return NULL;
}

int turnover_account(const struct turnover_group *g, int branch)
{
    return branch == 2 ? g->branch2_account : g->account;
}

int vat_rate(int code)
{
    static const int rates[VAT_CODES + 1] = {-1, 2100, 900, 0};
    return code > 0 && code <= VAT_CODES ? rates[code] : -1;
}

int64_t divide(int64_t a, int64_t b)
{
    return a < 0 ? -((-a + b / 2) / b) : (a + b / 2) / b;
}

const struct delivery_method delivery_methods[] = {
    {"BEZORGEN", "Bezorgen", true},
    {"AFHALEN", "Afhalen", true},
    {"KOERIER", "Koerier", false},
};
const size_t delivery_method_count = sizeof delivery_methods / sizeof *delivery_methods;

const struct employee employees[] = {
    {1, "Kassa Eén", true},
    {7, "Invalkracht", false},
    {EMPLOYEE_BUILT_IN, "Supervisor", true},
};
const size_t employee_count = sizeof employees / sizeof *employees;

const struct employee *employee_by_number(int64_t number)
{
    for (size_t i = 0; i < employee_count; i++) {
        if (employees[i].number == number)
            return &employees[i];
    }
    return NULL;
}
