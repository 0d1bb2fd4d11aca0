# METADATA
# title: Walking the stack
# description: Documents by type and along links, for rules of scope stack.
package plimsoll.lib.stack

# documents lists the documents of a type, in the order of their IDs.
documents(type) := [input.stack.documents[id] | some id in object.get(input.stack.by_type, type, [])]

# linked lists the documents that a relation leads to.
linked(relation, id) := [input.stack.documents[edge.to] |
	some edge in object.get(object.get(input.stack.links, relation, {}), id, [])
]

# backlinked lists the documents from which a relation leads here.
backlinked(relation, id) := [input.stack.documents[edge.from] |
	some edge in object.get(object.get(input.stack.backlinks, relation, {}), id, [])
]

# fact is one of the stack's computed facts, or fallback.
fact(name, key, fallback) := object.get(object.get(input.stack.facts, name, {}), key, fallback)

# target is the ID of the document of the stack that a reference names;
# undefined when it is not there.
target(ref) := id if {
	id := regex.replace(ref.to, `^(tf|cfn|object):`, "")
	input.stack.documents[id]
}
