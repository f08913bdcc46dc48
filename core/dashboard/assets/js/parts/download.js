// SPDX-License-Identifier: MIT
// A text that the browser saves as a file. Spreadsheets know by the mark in front that a table is UTF-8.
export function download(name, text, type = "text/csv") {
  const blob = new Blob([type === "text/csv" ? "\ufeff" : "", text], {type: type + ";charset=utf-8"});
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
