// The small mistakes that one can make in a Solidity file, found in its syntax tree.

/// What is written for what.
const OPERATORS = {
  "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
  "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*", "&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<",
  "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<=",
};
const INSTRUCTIONS = { add: "sub", sub: "add", mul: "div", div: "mul", shl: "shr", shr: "shl", lt: "gt", gt: "lt", and: "or", or: "and" };
/// What carries no behaviour.
const SILENT = new Set(["ImportDirective", "ErrorDefinition", "EventDefinition", "StructDefinition", "EnumDefinition", "ArrayTypeName",
  "StructuredDocumentation", "OverrideSpecifier", "UsingForDirective"]);

/// Every mistake in `text`, whose tree is `ast`: {line, place, before, after, text}, where `place` is the function, `before` and `after`
/// are the lines it touches as one, and `text` is the whole file with the mistake.
export function mistakes(text, ast) {
  const bytes = Buffer.from(text);
  const found = [];
  const span = (node) => { const [start, length] = node.src.split(":").map(Number); return [start, start + length]; };
  const read = (node) => bytes.subarray(...span(node)).toString();

  function add(place, start, end, replacement) {
    const first = bytes.lastIndexOf("\n", start - 1) + 1;
    const newline = bytes.indexOf("\n", end);
    const last = newline < 0 ? bytes.length : newline;
    const changed = Buffer.concat([bytes.subarray(0, start), Buffer.from(replacement), bytes.subarray(end)]).toString();
    const one = (s) => s.toString().replace(/\s+/g, " ").trim();
    found.push({
      line: bytes.subarray(0, start).toString().split("\n").length,
      place,
      before: one(bytes.subarray(first, last)),
      after: one(Buffer.concat([bytes.subarray(first, start), Buffer.from(replacement), bytes.subarray(end, last)])),
      text: changed,
    });
  }
  const replace = (place, node, replacement) => add(place, ...span(node), replacement);
  /// The operator stands between the two operands.
  function swapOperator(place, left, right, operator) {
    const start = bytes.indexOf(operator, span(left)[1]);
    if (OPERATORS[operator] && start < span(right)[0]) add(place, start, start + operator.length, OPERATORS[operator]);
  }
  const negatable = (condition) => condition.nodeType !== "BinaryOperation" && condition.nodeType !== "UnaryOperation";

  function visit(node, place) {
    if (Array.isArray(node)) return node.forEach((n) => visit(n, place));
    if (node === null || typeof node !== "object" || SILENT.has(node.nodeType)) return;
    switch (node.nodeType) {
      case "ContractDefinition":
        if (node.contractKind === "interface") return;
        place = node.name;
        break;
      case "FunctionDefinition":
      case "ModifierDefinition":
        place = node.name || node.kind;
        break;
      case "BinaryOperation":
        swapOperator(place, node.leftExpression, node.rightExpression, node.operator);
        break;
      case "Assignment":
        swapOperator(place, node.leftHandSide, node.rightHandSide, node.operator);
        break;
      case "UnaryOperation": {
        const [start, end] = span(node);
        const at = node.prefix ? start : end - node.operator.length;
        if (node.operator === "!" || node.operator === "~") add(place, at, at + 1, "");
        if (node.operator === "++" || node.operator === "--") add(place, at, at + 2, node.operator === "++" ? "--" : "++");
        break;
      }
      case "ExpressionStatement":
      case "EmitStatement":
      case "RevertStatement": {
        // Its semicolon is not the statement's for the compiler.
        const [start, end] = span(node);
        add(place, start, bytes[end] === 0x3b ? end + 1 : end, "{}");
        if (node.nodeType === "RevertStatement") return;
        break;
      }
      case "YulExpressionStatement":
      case "YulAssignment":
        replace(place, node, "{}");
        break;
      case "YulFunctionCall":
        if (INSTRUCTIONS[node.functionName.name]) replace(place, node.functionName, INSTRUCTIONS[node.functionName.name]);
        break;
      case "YulLiteral":
        if (node.kind === "number") replace(place, node, String(BigInt(node.value) + 1n));
        return;
      case "Literal":
        if (node.kind === "bool") replace(place, node, node.value === "true" ? "false" : "true");
        else if (node.typeDescriptions.typeString?.startsWith("int_const")) {
          replace(place, node, node.value === "0" ? "1" : node.value === "1" ? "0" : `(${read(node)} + 1)`);
        }
        return;
      case "MemberAccess":
        if (/^Math\.(min|max)$/.test(read(node))) replace(place, node, read(node) === "Math.min" ? "Math.max" : "Math.min");
        break;
      case "ModifierInvocation":
        if (node.kind === "modifierInvocation") replace(place, node, "");
        break;
      case "IfStatement":
      case "WhileStatement":
      case "Conditional":
        if (negatable(node.condition)) replace(place, node.condition, `!(${read(node.condition)})`);
        break;
      case "FunctionCall": {
        // What an error carries is for people; that it is the right one, other mistakes find out.
        if (node.expression.typeDescriptions?.typeString?.includes("returns (error)")) return;
        if (node.kind === "typeConversion" || node.names.length > 0 || /^Math\.(min|max)$/.test(read(node.expression))) break;
        for (let i = 1; i < node.arguments.length; ++i) {
          const [a, b] = [node.arguments[i - 1], node.arguments[i]];
          const alike = a.typeDescriptions.typeIdentifier === b.typeDescriptions.typeIdentifier && read(a) !== read(b);
          if (alike) add(place, span(a)[0], span(b)[1], `${read(b)}, ${read(a)}`);
        }
        break;
      }
      case "ForStatement":
        // A loop that counts backwards or not at all is noticed by everyone.
        return visit([node.initializationExpression, node.condition, node.body], place);
    }
    for (const [key, child] of Object.entries(node)) if (key !== "typeName" && key !== "typeDescriptions") visit(child, place);
  }
  visit(ast, "");
  return found;
}
