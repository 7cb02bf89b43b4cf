/* The page's side of kpinb.forms.grid. Plain DOM; every text goes in by textContent or value.

   One text field, the editor, stands in the active cell and has the focus: so input methods for Chinese, the
   clipboard and screen readers work as in any field, and JupyterLab leaves the keys alone. It is see-through until
   something is typed. What is typed is shown at once and kept in `pending` until the kernel has heard of it. */

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?\d{1,18}(\.\d{1,9})?$/;
const heard = new WeakMap(); // the number of the last message, by model: two views of it count together

function initialize({ model }) {
  heard.set(model, model.get("table").answered);
  // Registered before any view's: a view that opens later begins with the table as it is then.
  model.on("change:patch", () => {
    const { serial, rows, order, ...rest } = model.get("patch");
    const table = model.get("table");
    const known = new Map(table.rows.map((row) => [row.key, row]));
    for (const [key, row] of Object.entries(rows)) known.set(key, row);
    table.rows = (order || table.rows.map((row) => row.key)).map((key) => known.get(key));
    Object.assign(table, rest);
  });
}

function render({ model, el }) {
  const view = new GridView(model, el);
  const update = () => view.update();
  const restart = () => view.restart();
  model.on("change:patch", update);
  model.on("change:table", restart);
  return () => {
    model.off("change:patch", update);
    model.off("change:table", restart);
  };
}

function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

let made = 0;

class GridView {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.id = `kpinb-grid-${++made}`;
    this.el.classList.add("kpinb-grid");
    this.el.setAttribute("data-jp-suppress-context-menu", "");
    this.restart();
  }

  restart() {
    this.table = this.model.get("table");
    this.words = this.table.words;
    this.columns = this.table.columns;
    heard.set(this.model, Math.max(heard.get(this.model) || 0, this.table.answered));
    this.pending = new Map();
    this.provisional = [];
    this.shown = new Map();
    this.marked = [];
    this.active = null;
    this.anchor = null;
    this.editing = null;
    this.begun = false; // nothing is chosen before the person has been in the grid
    this.build();
    this.update();
  }

  // --- the skeleton

  build() {
    this.el.replaceChildren();
    this.box = make("div", "kpinb-grid-box");
    this.grid = make("table", "kpinb-grid-table", {
      role: "grid", "aria-label": this.table.label, "aria-multiselectable": "true",
      "aria-colcount": this.columns.length + 1,
    });
    const head = make("tr", "", { role: "row" });
    head.append(make("td", "kpinb-grid-corner"));
    for (const column of this.columns) {
      const cell = make("th", `kpinb-grid-sort-${column.sort}`, { role: "columnheader", scope: "col" });
      cell.textContent = column.title;
      head.append(cell);
    }
    const top = make("thead", "", { role: "rowgroup" });
    top.append(head);
    this.body = make("tbody", "", { role: "rowgroup" });
    this.foot = make("tfoot", "", { role: "rowgroup" });
    this.grid.append(top, this.body, this.foot);
    this.box.append(this.grid);

    this.editor = make("textarea", "kpinb-grid-editor", { rows: "1", autocomplete: "off", spellcheck: "false" });
    this.editor.maxLength = this.table.longest;
    this.bar = make("div", "kpinb-grid-bar");
    this.addButton = this.button(this.words.add, () => this.goToNewRow());
    this.removeButton = this.button(this.words.remove, () => this.removeOrRestore());
    this.undoButton = this.button(this.words.undo, () => this.undo());
    if (this.table.canAdd) this.bar.append(this.addButton, this.removeButton);
    this.bar.append(this.undoButton);
    this.help = make("div", "kpinb-grid-help");
    this.notices = make("div", "kpinb-grid-notices", { role: "status" });
    this.el.append(this.box, this.bar, this.notices, this.help);
    this.listen();
  }

  button(text, act) {
    const button = make("button", "kpinb-grid-button", { type: "button" });
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }

  listen() {
    this.body.addEventListener("pointerdown", (event) => this.onPointerDown(event));
    this.body.addEventListener("pointerover", (event) => this.onPointerOver(event));
    this.body.addEventListener("dblclick", (event) => {
      if (this.cellOf(event.target) && !this.editing) this.edit();
    });
    this.editor.addEventListener("keydown", (event) => this.onKey(event));
    this.editor.addEventListener("input", () => this.onInput());
    this.editor.addEventListener("compositionstart", () => this.onInput());
    this.editor.addEventListener("copy", (event) => this.onCopy(event));
    this.editor.addEventListener("cut", (event) => this.onCopy(event, true));
    this.editor.addEventListener("paste", (event) => this.onPaste(event));
    this.editor.addEventListener("focus", () => {
      this.el.classList.add("kpinb-grid-focus");
      if (!this.begun) this.go(this.active.key, this.active.column, { focus: false }); // by the Tab key
    });
    this.editor.addEventListener("blur", () => {
      this.el.classList.remove("kpinb-grid-focus");
      if (this.editing === this.editor) this.commit();
    });
  }

  // --- what is shown

  get rows() {
    return [...this.table.rows, ...this.provisional];
  }

  text(row, column) {
    const waiting = this.pending.get(`${row.key}\t${column.name}`);
    return waiting ? waiting.text : row.texts[column.name] || "";
  }

  isBlank(row) {
    return row.state === "blank" && !this.columns.some((column) => this.pending.has(`${row.key}\t${column.name}`));
  }

  canChange(row, column) {
    return column.editable && row.state !== "removed" && !row.fixed.includes(column.name);
  }

  update() {
    this.table = this.model.get("table");
    for (const [id, waiting] of this.pending) if (waiting.seq <= this.table.answered) this.pending.delete(id);
    this.keepABlankRow();
    const place = this.active && this.lastPlace;
    const rows = this.rows;
    this.index = new Map(rows.map((row, index) => [row.key, index]));
    const left = new Set(this.shown.keys());
    let before = null;
    for (const row of rows) {
      left.delete(row.key);
      const parts = this.shown.get(row.key) || this.newRow(row);
      this.fill(row, parts);
      const after = before ? before.nextSibling : this.body.firstChild;
      if (parts.tr !== after) this.body.insertBefore(parts.tr, after);
      before = parts.tr;
      if (parts.notes) {
        if (parts.notes !== before.nextSibling) this.body.insertBefore(parts.notes, before.nextSibling);
        before = parts.notes;
      }
    }
    const hadFocus = document.activeElement === this.editor;
    for (const key of left) {
      const parts = this.shown.get(key);
      parts.notes?.remove();
      parts.tr.remove();
      this.shown.delete(key);
    }
    this.grid.setAttribute("aria-rowcount", rows.length + 1);
    this.showTotals();
    if (place && !this.index.has(this.active.key) && rows.length) {
      const row = rows[Math.min(place.row, rows.length - 1)];
      this.editing = null;
      this.go(row.key, this.active.column, { focus: hadFocus });
    }
    this.showActive();
    if (hadFocus && this.active) this.scrollIntoView();
    this.notices.textContent = this.table.notices.join(" ");
    this.undoButton.disabled = !this.table.canUndo;
  }

  keepABlankRow() {
    const keys = new Set(this.table.rows.map((row) => row.key));
    this.provisional = this.provisional.filter((row) => !keys.has(row.key));
    const rows = this.rows;
    const last = rows[rows.length - 1];
    if (!this.table.canAdd || !last || this.isBlank(last) || this.pasting > this.table.answered) return;
    if (rows.length >= this.table.most) return;
    this.provisional.push({
      key: `new:${this.table.next + this.provisional.length}`, texts: this.table.blank, state: "blank", isNew: true,
      depth: 0, fixed: [], problems: {}, hints: {},
    });
  }

  newRow(row) {
    const tr = make("tr", "", { role: "row" });
    tr.dataset.key = row.key;
    const number = make("th", "kpinb-grid-number", { role: "rowheader", scope: "row" });
    const cells = this.columns.map((column) => {
      const td = make("td", `kpinb-grid-cell kpinb-grid-sort-${column.sort}`, { role: "gridcell" });
      td.dataset.column = column.name;
      td.append(make("span", "kpinb-grid-text"));
      return td;
    });
    tr.append(number, ...cells);
    const parts = { tr, number, cells, notes: null, row: null, pending: "" };
    this.shown.set(row.key, parts);
    return parts;
  }

  fill(row, parts) {
    const index = this.index.get(row.key);
    const waiting = this.pending.size
      ? this.columns.map((column) => this.pending.get(`${row.key}\t${column.name}`)?.seq || "").join()
      : "";
    if (parts.row === row && parts.pending === waiting && parts.index === index) return;
    Object.assign(parts, { row, pending: waiting, index });
    const blank = this.isBlank(row);
    const state = blank || row.state !== "blank" ? row.state : "changed";
    parts.tr.className = state ? `kpinb-grid-row-${state}` : "";
    parts.tr.setAttribute("aria-rowindex", index + 2);
    parts.number.textContent = blank ? "+" : String(index + 1);
    this.columns.forEach((column, at) => this.fillCell(row, column, parts.cells[at], { at, blank }));
    this.fillNotes(row, parts);
  }

  fillCell(row, column, td, { at, blank }) {
    const problem = !this.pending.has(`${row.key}\t${column.name}`) && row.problems[column.name];
    const shown = blank ? (at === 0 ? this.words.blank : "") : this.shownText(row, column);
    const span = td.firstChild;
    if (span.textContent !== shown) span.textContent = shown;
    td.classList.toggle("kpinb-grid-wrong", Boolean(problem));
    td.classList.toggle("kpinb-grid-hinted", !problem && Boolean(row.hints[column.name]));
    td.classList.toggle("kpinb-grid-fixed", !this.canChange(row, column));
    if (column.sort === "tick") {
      const text = this.text(row, column);
      td.classList.toggle("kpinb-grid-box-on", text === "true" && !blank);
      td.classList.toggle("kpinb-grid-box-off", (text === "false" || text === "") && !blank);
    }
    td.setAttribute("aria-colindex", at + 2);
    td.setAttribute("aria-readonly", String(!this.canChange(row, column)));
    if (problem) td.setAttribute("aria-invalid", "true");
    else td.removeAttribute("aria-invalid");
    if (at === 0) td.style.setProperty("--kpinb-depth", row.depth);
  }

  shownText(row, column) {
    const text = this.text(row, column);
    if (column.sort === "choice") {
      const option = column.options.find((one) => one[1] === text);
      return option ? option[0] : text;
    }
    if (column.sort === "tick") {
      const off = text === "false" || text === "";
      if (text !== "true" && !off) return text;
      return column.lock && !off ? this.words.held : ""; // the box itself is drawn by the rules of style
    }
    return text;
  }

  spokenText(row, column) {
    const text = this.text(row, column);
    if (column.sort !== "tick") return this.shownText(row, column);
    if (text === "true") return column.lock ? this.words.held : this.words.yes;
    return column.lock ? this.words.free : this.words.no;
  }

  fillNotes(row, parts) {
    const titles = new Map(this.columns.map((column) => [column.name, column.title]));
    const lines = [];
    for (const [said, kind] of [[row.problems, "problem"], [row.hints, "hint"]]) {
      for (const name of ["", ...titles.keys()]) if (said[name]) lines.push([kind, titles.get(name), said[name]]);
    }
    if (row.state === "removed") lines.push(["hint", "", this.words.removed]);
    if (!lines.length) {
      parts.notes?.remove();
      parts.notes = null;
      return;
    }
    if (!parts.notes) {
      parts.notes = make("tr", "kpinb-grid-notes", { role: "row" });
      const cell = make("td", "", { role: "gridcell", colspan: this.columns.length + 1 });
      cell.append(make("div", "kpinb-grid-notes-text", { id: `${this.id}-${row.key}`.replace(/[^\w-]/g, "_") }));
      parts.notes.append(cell);
    }
    parts.notes.firstChild.firstChild.replaceChildren(
      ...lines.map(([kind, title, sentence]) => {
        const line = make("div", `kpinb-grid-${kind}`);
        if (title) {
          const strong = make("strong");
          strong.textContent = title;
          line.append(strong, " ");
        }
        line.append(sentence);
        return line;
      }),
    );
  }

  showTotals() {
    const totals = this.table.totals;
    this.foot.replaceChildren();
    if (!Object.keys(totals).length) return;
    const tr = make("tr", "", { role: "row" });
    tr.append(make("td", "kpinb-grid-number"));
    for (const column of this.columns) {
      const td = make("td", `kpinb-grid-cell kpinb-grid-sort-${column.sort}`, { role: "gridcell", "aria-readonly": "true" });
      const span = make("span", "kpinb-grid-text");
      span.textContent = totals[column.name] || "";
      td.append(span);
      tr.append(td);
    }
    this.foot.append(tr);
  }

  // --- where the person is

  column(name) {
    return this.columns.find((column) => column.name === name);
  }

  at(row, column) {
    const rows = this.rows;
    return { key: rows[row].key, column: this.columns[column].name };
  }

  get place() {
    return {
      row: this.index.get(this.active.key),
      column: this.columns.findIndex((column) => column.name === this.active.column),
    };
  }

  go(key, column, { extend = false, focus = true } = {}) {
    this.begun = true;
    this.active = { key, column };
    if (!extend || !this.anchor || !this.index.has(this.anchor.key)) this.anchor = { key, column };
    this.lastPlace = this.place;
    if (this.model.get("row") !== key) {
      this.model.set("row", key);
      this.model.save_changes();
    }
    this.showActive();
    if (focus) {
      this.editor.focus({ preventScroll: true });
      this.editor.select();
      this.scrollIntoView();
    }
  }

  scrollIntoView() {
    const parts = this.shown.get(this.active.key);
    const box = this.box.getBoundingClientRect();
    const cell = this.editor.parentElement.getBoundingClientRect();
    const bottom = (parts.notes || parts.tr).getBoundingClientRect().bottom; // what is wrong is seen, too
    const head = this.grid.tHead.getBoundingClientRect().height;
    const number = parts.number.getBoundingClientRect().width;
    if (cell.top < box.top + head) this.box.scrollTop -= box.top + head - cell.top;
    else if (bottom > box.bottom - 16) this.box.scrollTop += Math.min(bottom - box.bottom + 16, cell.top - box.top - head);
    if (cell.left < box.left + number) this.box.scrollLeft -= box.left + number - cell.left;
    else if (cell.right > box.right) this.box.scrollLeft += Math.min(cell.right - box.right, cell.left - box.left - number);
  }

  showActive() {
    if (!this.active) {
      const first = this.rows[0];
      if (!first || !this.columns.length) return;
      const column = this.columns.find((one) => this.canChange(first, one)) || this.columns[0];
      this.active = { key: first.key, column: column.name };
      this.anchor = { ...this.active };
    }
    if (!this.index.has(this.active.key)) return;
    const row = this.rows[this.index.get(this.active.key)];
    const column = this.column(this.active.column);
    const parts = this.shown.get(row.key);
    const td = parts.cells[this.columns.indexOf(column)];
    if (this.editor.parentElement !== td) {
      const had = document.activeElement === this.editor;
      td.append(this.editor);
      if (had) this.editor.focus({ preventScroll: true });
    }
    if (!this.editing) {
      this.editor.value = this.isBlank(row) ? "" : this.spokenText(row, column);
      this.editor.readOnly = !this.canChange(row, column) || column.sort === "tick" || column.sort === "choice";
      if (document.activeElement === this.editor) this.editor.select();
    }
    const label = `${column.title}, ${this.words.row} ${this.index.get(row.key) + 1}`;
    this.editor.setAttribute("aria-label", label);
    this.editor.setAttribute("aria-invalid", String(Boolean(row.problems[column.name])));
    if (parts.notes) this.editor.setAttribute("aria-describedby", parts.notes.firstChild.firstChild.id);
    else this.editor.removeAttribute("aria-describedby");
    if (column.help) {
      const title = make("strong", "");
      title.textContent = column.title;
      this.help.replaceChildren(title, ` ${column.help}`);
    } else this.help.textContent = this.words.keys;
    this.showSelection();
  }

  get selection() {
    const rows = [this.index.get(this.anchor?.key) ?? this.place.row, this.place.row].sort((a, b) => a - b);
    const names = this.columns.map((column) => column.name);
    const columns = [names.indexOf(this.anchor.column), this.place.column].sort((a, b) => a - b);
    return { rows, columns };
  }

  showSelection() {
    const { rows, columns } = this.selection;
    const now = this.rows.slice(rows[0], rows[1] + 1).map((row) => this.shown.get(row.key));
    for (const parts of new Set([...this.marked, ...now])) {
      const inRows = this.begun && parts.index >= rows[0] && parts.index <= rows[1];
      parts.number.classList.toggle("kpinb-grid-here", inRows);
      parts.cells.forEach((td, at) => {
        const selected = inRows && at >= columns[0] && at <= columns[1];
        const active = this.begun && parts.tr.dataset.key === this.active.key && td.dataset.column === this.active.column;
        if (selected !== td.classList.contains("kpinb-grid-selected")) {
          td.classList.toggle("kpinb-grid-selected", selected);
          td.setAttribute("aria-selected", String(selected));
        }
        td.classList.toggle("kpinb-grid-active", active);
      });
    }
    this.marked = now;
    const chosen = this.rows.slice(rows[0], rows[1] + 1).filter((row) => row.state !== "blank");
    const back = chosen.length > 0 && chosen.every((row) => row.state === "removed");
    this.removeButton.textContent = back ? this.words.restore : this.words.remove;
    this.removeButton.disabled = !this.begun || chosen.length === 0;
  }

  // --- moving

  move(down, right, extend = false) {
    const place = this.place;
    const row = Math.max(0, Math.min(this.rows.length - 1, place.row + down));
    const column = Math.max(0, Math.min(this.columns.length - 1, place.column + right));
    const to = this.at(row, column);
    this.go(to.key, to.column, { extend });
  }

  /** Move to the next or previous cell; give whether there is one, so that Tab can leave the grid. */
  step(by) {
    const { row, column } = this.place;
    const next = row * this.columns.length + column + by;
    if (next < 0 || next >= this.rows.length * this.columns.length) return false;
    const to = this.at(Math.floor(next / this.columns.length), next % this.columns.length);
    this.go(to.key, to.column);
    return true;
  }

  onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const handled = this.editing ? this.onEditKey(event) : this.onMoveKey(event);
    if (handled) event.preventDefault();
    // JupyterLab's own keys stay its own: saving the notebook, running the cell with Shift+Enter is not one of them.
    const saves = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (!saves) event.stopPropagation();
  }

  onMoveKey(event) {
    const control = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.box.clientHeight / 30) - 2);
    const moves = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0], PageDown: [page, 0],
    };
    if (moves[event.key] && !event.altKey) {
      const [down, right] = moves[event.key];
      const far = control ? 1e6 : 1;
      this.move(down * far, right * far, event.shiftKey);
      return true;
    }
    if (event.key === "Home" || event.key === "End") {
      const end = event.key === "End" ? 1e6 : -1e6;
      this.move(control ? end : 0, end, event.shiftKey);
      return true;
    }
    if (event.key === "Tab") return this.step(event.shiftKey ? -1 : 1);
    if (event.key === "Enter" && event.shiftKey) { this.move(-1, 0); return true; }
    if (event.key === "Enter" || event.key === "F2") { this.edit(); return true; }
    if (event.key === "Escape") { this.go(this.active.key, this.active.column); return true; }
    if (event.key === "Delete" || event.key === "Backspace") { this.clear(); return true; }
    if (control && event.key.toLowerCase() === "z") { this.undo(); return true; }
    if (control && event.key.toLowerCase() === "a") { this.selectAll(); return true; }
    if (control || event.altKey) return false;
    if (event.key === " " && ["tick", "choice"].includes(this.column(this.active.column).sort)) {
      this.edit();
      return true;
    }
    if (event.key.length === 1 && this.column(this.active.column).sort === "choice") {
      this.edit(event.key);
      return true;
    }
    return false;
  }

  onEditKey(event) {
    if (event.key === "Escape") { this.cancel(); return true; }
    if (event.key === "Tab") { this.commit(); return this.step(event.shiftKey ? -1 : 1); }
    if (event.key === "F2") { this.commit(); return true; }
    if (event.key !== "Enter") return false;
    if (event.altKey && this.editing === this.editor) {
      this.editor.setRangeText("\n", this.editor.selectionStart, this.editor.selectionEnd, "end");
      this.grow();
      return true;
    }
    this.commit();
    this.move(event.shiftKey ? -1 : 1, 0);
    return true;
  }

  selectAll() {
    this.anchor = this.at(0, 0);
    const to = this.at(this.rows.length - 1, this.columns.length - 1);
    this.go(to.key, to.column, { extend: true });
  }

  // --- the mouse

  cellOf(target) {
    const td = target.closest?.("td.kpinb-grid-cell");
    const tr = td?.closest("tr");
    return tr?.dataset.key ? { key: tr.dataset.key, column: td.dataset.column } : null;
  }

  onPointerDown(event) {
    if (event.button !== 0 || event.target === this.editing || event.target.closest(".kpinb-grid-pick")) return;
    const cell = this.cellOf(event.target);
    if (!cell) return;
    event.preventDefault();
    if (this.editing) this.commit();
    const again = this.active && cell.key === this.active.key && cell.column === this.active.column
      && document.activeElement === this.editor;
    this.go(cell.key, cell.column, { extend: event.shiftKey });
    const sort = this.column(cell.column).sort;
    if (!event.shiftKey && (sort === "tick" || (sort === "choice" && again))) this.edit();
  }

  onPointerOver(event) {
    const cell = event.buttons === 1 && !this.editing && this.cellOf(event.target);
    if (cell && this.active && document.activeElement === this.editor) {
      this.go(cell.key, cell.column, { extend: true });
    }
  }

  // --- editing

  edit(key = "") {
    const row = this.rows[this.index.get(this.active.key)];
    const column = this.column(this.active.column);
    if (!this.canChange(row, column)) return;
    if (column.sort === "tick") {
      this.put([[row.key, column.name, this.text(row, column) === "true" ? "false" : "true"]]);
    } else if (column.sort === "choice") {
      this.choose(row, column, key);
    } else {
      this.editor.value = this.isBlank(row) ? "" : this.text(row, column);
      this.open();
      this.editor.setSelectionRange(this.editor.value.length, this.editor.value.length);
    }
  }

  open() {
    this.editing = this.editor;
    this.editor.classList.add("kpinb-grid-editing");
    this.grow();
    if (this.column(this.active.column).sort === "date") this.offerCalendar();
  }

  grow() {
    this.editor.style.height = "auto";
    this.editor.style.height = `${Math.max(this.editor.scrollHeight, this.editor.parentElement.clientHeight)}px`;
  }

  onInput() {
    if (!this.editing) this.open();
    else if (this.editing === this.editor) this.grow();
  }

  offerCalendar() {
    const day = make("input", "kpinb-grid-day", { type: "date", tabindex: "-1", "aria-hidden": "true" });
    const pick = make("button", "kpinb-grid-pick", { type: "button", tabindex: "-1", "aria-label": this.words.pick });
    pick.textContent = "▾";
    pick.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      day.value = this.editor.value;
      day.showPicker?.();
    });
    day.addEventListener("change", () => {
      this.editor.value = day.value;
      this.commit();
      this.editor.focus({ preventScroll: true });
    });
    this.calendar = [day, pick];
    this.editor.after(day, pick);
  }

  choose(row, column, key) {
    const select = make("select", "kpinb-grid-select", { "aria-label": this.editor.getAttribute("aria-label") });
    const text = this.text(row, column);
    const options = [["–", ""], ...column.options.filter((one) => one[1] !== "")];
    if (text && !options.some((one) => one[1] === text)) options.push([text, text]);
    for (const [label, value] of options) {
      const option = make("option");
      option.value = value;
      option.textContent = label;
      select.append(option);
    }
    select.value = text;
    if (key) {
      const found = options.find((one) => one[0].toLowerCase().startsWith(key.toLowerCase()));
      if (found) select.value = found[1];
    }
    let keyed = Boolean(key);
    select.addEventListener("keydown", (event) => { keyed = true; this.onKey(event); });
    select.addEventListener("pointerdown", (event) => { keyed = false; event.stopPropagation(); });
    select.addEventListener("change", () => {
      if (keyed || this.editing !== select) return;
      this.commit();
      this.editor.focus({ preventScroll: true });
    });
    select.addEventListener("blur", () => { if (this.editing === select) this.commit(); });
    this.editor.parentElement.append(select);
    this.editing = select;
    select.focus({ preventScroll: true });
  }

  close() {
    const editing = this.editing;
    const had = document.activeElement === editing;
    this.editing = null;
    this.calendar?.forEach((element) => element.remove());
    this.calendar = null;
    if (editing !== this.editor) {
      if (had) this.editor.focus({ preventScroll: true });
      editing.remove();
    }
    this.editor.classList.remove("kpinb-grid-editing");
    this.editor.style.height = "";
  }

  cancel() {
    this.close();
    this.showActive();
  }

  commit() {
    const { key, column } = this.active;
    const text = this.editing.value;
    this.close();
    const index = this.index.get(key);
    if (index === undefined) return;
    const row = this.rows[index];
    if (text !== this.text(row, this.column(column))) this.put([[key, column, text]]);
    else this.showActive();
  }

  // --- what the kernel is told

  send(message) {
    const seq = (heard.get(this.model) || 0) + 1;
    heard.set(this.model, seq);
    this.model.send({ seq, ...message });
    return seq;
  }

  put(cells) {
    const seq = this.send({ do: "put", cells });
    for (const [key, column, text] of cells) this.pending.set(`${key}\t${column}`, { seq, text });
    this.update();
  }

  selectedCells() {
    const { rows, columns } = this.selection;
    const cells = [];
    for (const row of this.rows.slice(rows[0], rows[1] + 1)) {
      for (const column of this.columns.slice(columns[0], columns[1] + 1)) {
        if (this.canChange(row, column) && !this.isBlank(row)) cells.push([row.key, column.name]);
      }
    }
    return cells;
  }

  clear() {
    const cells = this.selectedCells();
    if (cells.length) this.put(cells.map(([key, column]) => [key, column, ""]));
  }

  undo() {
    this.send({ do: "undo" });
    if (this.active) this.editor.focus({ preventScroll: true });
  }

  removeOrRestore() {
    const { rows } = this.selection;
    const chosen = this.rows.slice(rows[0], rows[1] + 1).filter((row) => row.state !== "blank");
    const back = chosen.every((row) => row.state === "removed");
    this.send({ do: back ? "restore" : "remove", rows: chosen.map((row) => row.key) });
    this.editor.focus({ preventScroll: true });
  }

  goToNewRow() {
    if (this.editing) this.commit();
    const rows = this.rows;
    const last = rows[rows.length - 1];
    const column = this.columns.find((one) => this.canChange(last, one)) || this.columns[0];
    this.go(last.key, column.name);
  }

  // --- the clipboard

  onCopy(event, cut = false) {
    if (this.editing) return;
    event.preventDefault();
    event.stopPropagation();
    const { rows, columns } = this.selection;
    const lines = this.rows.slice(rows[0], rows[1] + 1).map((row) =>
      this.columns.slice(columns[0], columns[1] + 1).map((column) => this.copied(row, column)).join("\t"),
    );
    event.clipboardData.setData("text/plain", lines.join("\n"));
    if (cut) this.clear();
  }

  copied(row, column) {
    if (this.isBlank(row)) return "";
    let text = this.spokenText(row, column);
    if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
    return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  onPaste(event) {
    if (this.editing) return;
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData.getData("text/plain");
    if (!text) return;
    const { rows, columns } = this.selection;
    const from = this.at(rows[0], columns[0]);
    this.pasting = this.send({ do: "paste", text, row: from.key, column: from.column });
  }
}

export default { initialize, render };
