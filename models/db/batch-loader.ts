/**
 * One command for all who ask in one turn of the event loop. A busy process hears of many requests in a turn, and to send,
 * parse and plan a command for each of them costs both sides more than what they ask for. It is no cache: the command goes
 * out when the turn is over, so no answer is older than its question, and an idle process waits for nobody.
 */

/** Whoever comes after so many goes with the next command. */
const MOST_TOGETHER = 200;

/** Gives everybody who asked his answer. */
type Answers<Asked, Answer> = (asked: Asked) => Answer;

interface Turn<Asked, Answer> {
  asked: Asked[];
  answers: Promise<Answers<Asked, Answer>>;
}

/**
 * A function of one thing asked, made from one of many: `askAll` sends the command for all of one turn, each as it was
 * asked, twice where two ask the same, and gives what tells each his answer. Should it fail, all of the turn fail. Not for transactions.
 */
export function gather<Source extends object, Asked, Answer>(
  askAll: (db: Source, asked: readonly Asked[]) => Promise<Answers<Asked, Answer>>,
): (db: Source, asked: Asked) => Promise<Answer> {
  const turns = new WeakMap<Source, Turn<Asked, Answer>>();
  const begin = (db: Source): Turn<Asked, Answer> => {
    const asked: Asked[] = [];
    const answers = endOfTurn().then(() => {
      if (turns.get(db)?.asked === asked) turns.delete(db);
      return askAll(db, asked);
    });
    const turn = { asked, answers };
    turns.set(db, turn);
    return turn;
  };
  return async (db, asked) => {
    const open = turns.get(db);
    const turn = open && open.asked.length < MOST_TOGETHER ? open : begin(db);
    turn.asked.push(asked);
    const answerOf = await turn.answers;
    return answerOf(asked);
  };
}

/** Once all that this turn has read from its sockets has been acted on. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What was found, by its id as text: each answer is looked up in it. */
export function byId<T extends { _id: unknown }>(found: readonly T[]): ReadonlyMap<string, T> {
  return new Map(found.map((document) => [String(document._id), document]));
}

/** A condition on a field: equal to one of these. One alone is asked for plainly, which the server answers faster by id. */
export function anyOf<T>(values: readonly T[]): T | { $in: T[] } {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : { $in: [...values] };
}
