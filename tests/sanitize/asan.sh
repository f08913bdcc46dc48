#!/bin/sh
# SPDX-License-Identifier: MIT
exec "$(dirname "$0")/slice.sh" asan address,undefined o3_lost_answer_makes_no_second_invoice
