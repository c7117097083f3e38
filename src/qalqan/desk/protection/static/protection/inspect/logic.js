// The small language of checklists, the same as the desk's: see docs/reference.
// Nothing is executed but what stands here; the desk and this file run one table of examples.
const LONGEST = 500;
const DEEPEST = 24;
const [TEXT, NUMBER, BOOLEAN, ANY] = ["text", "number", "boolean", "any"];
const TOKEN =
  /[ \t\r\n]*(?:(?<ref>\$\{[a-z][a-z0-9_]{0,39}\})|(?<number>[0-9]+(?:\.[0-9]+)?)|(?<text>'[^']*'|"[^"]*")|(?<name>[a-z]+(?:-[a-z]+)*)|(?<sign>!=|<=|>=|[=<>()+*,.-]))/y;
const NUMERIC = /^[ ]*-?[0-9]+(?:\.[0-9]+)?[ ]*$/;

export class ExpressionError extends Error {
  constructor(reason, at) {
    super(`${reason} at ${at}`);
    this.reason = reason;
    this.at = at;
  }
}

const numberOf = (value) => {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return NUMERIC.test(value) ? Number(value) : NaN;
  return value;
};
const booleanOf = (value) => {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  return value !== 0 && !Number.isNaN(value);
};
const choices = (text) => text.split(" ").filter(Boolean);
const ARITHMETIC = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => (Number.isFinite(a) ? a % b : NaN),
};
const ORDER = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
const whole = (value) => (Number.isFinite(value) ? Math.trunc(value) : value);
const FUNCTIONS = {
  true: [[], BOOLEAN, () => true],
  false: [[], BOOLEAN, () => false],
  not: [[ANY], BOOLEAN, (a) => !booleanOf(a)],
  number: [[ANY], NUMBER, (a) => numberOf(a)],
  int: [[ANY], NUMBER, (a) => whole(numberOf(a))],
  selected: [[TEXT, TEXT], BOOLEAN, (a, b) => choices(a).includes(b)],
  "count-selected": [[TEXT], NUMBER, (a) => choices(a).length],
  // Characters, not the units of JavaScript's texts.
  "string-length": [[TEXT], NUMBER, (a) => [...a].length],
  contains: [[TEXT, TEXT], BOOLEAN, (a, b) => a.includes(b)],
  "starts-with": [[TEXT, TEXT], BOOLEAN, (a, b) => a.startsWith(b)],
  coalesce: [[TEXT, TEXT], TEXT, (a, b) => a || b],
};

const isBlank = (sign) => " \t\r\n".includes(sign);

const tokensOf = (source) => {
  let end = source.length;
  while (end && isBlank(source[end - 1])) end -= 1;
  const tokens = [];
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(source);
    if (!found) {
      while (at < source.length && isBlank(source[at])) at += 1;
      throw new ExpressionError("token", at);
    }
    const [kind, word] = Object.entries(found.groups).find(([, value]) => value !== undefined);
    at = TOKEN.lastIndex;
    tokens.push({ kind, word, at: at - word.length });
  }
  tokens.push({ kind: "end", word: "", at: end });
  return tokens;
};

const node = (type, run) => ({ type, run });

const equality = (left, right, wanted) => {
  const types = [left.type, right.type];
  const convert = types.includes(BOOLEAN) ? booleanOf : types.includes(NUMBER) ? numberOf : (value) => value;
  return node(BOOLEAN, (answers, own) =>
    (convert(left.run(answers, own)) === convert(right.run(answers, own))) === wanted);
};
const numeric = (type, compute, left, right) =>
  node(type, (answers, own) => compute(numberOf(left.run(answers, own)), numberOf(right.run(answers, own))));

class Parser {
  constructor(source) {
    if ([...source].length > LONGEST) throw new ExpressionError("long", LONGEST);
    this.tokens = tokensOf(source);
    this.place = 0;
    this.depth = 0;
  }
  get token() { return this.tokens[this.place]; }
  is(kind, ...words) { return this.token.kind === kind && words.includes(this.token.word); }
  step() {
    const { token } = this;
    if (token.kind !== "end") this.place += 1;
    return token;
  }
  expect(sign) {
    const { kind, word, at } = this.step();
    if (kind !== "sign" || word !== sign) throw new ExpressionError(kind === "end" ? "end" : "token", at);
  }
  whole() {
    const found = this.either();
    if (this.token.kind !== "end") throw new ExpressionError("token", this.token.at);
    return found;
  }
  either() {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new ExpressionError("deep", this.token.at);
    let left = this.both();
    while (this.is("name", "or")) {
      this.step();
      const [first, second] = [left, this.both()];
      left = node(BOOLEAN, (a, own) => booleanOf(first.run(a, own)) || booleanOf(second.run(a, own)));
    }
    this.depth -= 1;
    return left;
  }
  both() {
    let left = this.equal();
    while (this.is("name", "and")) {
      this.step();
      const [first, second] = [left, this.equal()];
      left = node(BOOLEAN, (a, own) => booleanOf(first.run(a, own)) && booleanOf(second.run(a, own)));
    }
    return left;
  }
  equal() {
    let left = this.ordered();
    while (this.is("sign", "=", "!=")) {
      const sign = this.step().word;
      left = equality(left, this.ordered(), sign === "=");
    }
    return left;
  }
  ordered() {
    let left = this.sum();
    while (this.is("sign", ...Object.keys(ORDER))) {
      const compare = ORDER[this.step().word];
      left = numeric(BOOLEAN, compare, left, this.sum());
    }
    return left;
  }
  sum() {
    let left = this.product();
    while (this.is("sign", "+", "-")) {
      const compute = ARITHMETIC[this.step().word];
      left = numeric(NUMBER, compute, left, this.product());
    }
    return left;
  }
  product() {
    let left = this.unary();
    while (this.is("sign", "*") || this.is("name", "div", "mod")) {
      const compute = ARITHMETIC[this.step().word];
      left = numeric(NUMBER, compute, left, this.unary());
    }
    return left;
  }
  unary() {
    let signs = 0;
    while (this.is("sign", "-")) {
      this.step();
      signs += 1;
    }
    const inner = this.primary();
    if (!signs) return inner;
    const factor = signs % 2 ? -1 : 1;
    return node(NUMBER, (answers, own) => factor * numberOf(inner.run(answers, own)));
  }
  primary() {
    const { kind, word, at } = this.step();
    if (kind === "number") return node(NUMBER, () => Number(word));
    if (kind === "text") return node(TEXT, () => word.slice(1, -1));
    if (kind === "ref") {
      const code = word.slice(2, -1);
      return node(TEXT, (answers) => (Object.hasOwn(answers, code) ? answers[code] : ""));
    }
    if (kind === "sign" && word === ".") return node(TEXT, (answers, own) => own);
    if (kind === "sign" && word === "(") {
      const inner = this.either();
      this.expect(")");
      return inner;
    }
    if (kind === "name") return this.call(word, at);
    throw new ExpressionError(kind === "end" ? "end" : "token", at);
  }
  call(name, at) {
    if (name !== "if" && !Object.hasOwn(FUNCTIONS, name)) throw new ExpressionError("name", at);
    this.expect("(");
    const given = [];
    if (!this.is("sign", ")")) {
      given.push(this.either());
      while (this.is("sign", ",")) {
        this.step();
        given.push(this.either());
      }
    }
    this.expect(")");
    return name === "if" ? choice(given, at) : applied(name, given, at);
  }
}

const choice = (given, at) => {
  if (given.length !== 3) throw new ExpressionError("arguments", at);
  const [condition, first, second] = given;
  if (first.type !== second.type) throw new ExpressionError("type", at);
  return node(first.type, (a, own) => (booleanOf(condition.run(a, own)) ? first : second).run(a, own));
};

const applied = (name, given, at) => {
  const [wanted, made, compute] = FUNCTIONS[name];
  if (given.length !== wanted.length) throw new ExpressionError("arguments", at);
  if (wanted.some((kind, place) => kind !== ANY && kind !== given[place].type)) {
    throw new ExpressionError("type", at);
  }
  return node(made, (answers, own) => compute(...given.map((part) => part.run(answers, own))));
};

const known = new Map();

export const parse = (source) => {
  if (!known.has(source)) known.set(source, new Parser(source).whole());
  const { type, run } = known.get(source);
  return {
    type,
    value: (answers, own = "") => run(answers, own),
    holds: (answers, own = "") => booleanOf(run(answers, own)),
  };
};

// The questions that are asked, in order; one that is not asked counts as unanswered.
export const asked = (questions, valueOf) => {
  const answers = {};
  const found = [];
  for (const question of questions) {
    if (question.relevant && !parse(question.relevant).holds(answers)) continue;
    found.push(question);
    answers[question.code] = valueOf(question.code) ?? "";
  }
  return { found, answers };
};
