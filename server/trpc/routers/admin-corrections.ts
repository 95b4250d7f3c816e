/**
 * admin: what staff correct and note on an order, and emails that they send. Each action returns the changed order and may
 * be repeated: those with a `key` take effect once for it.
 */
import { Types } from 'mongoose';
import { toActionKey } from '../../../models/action-key.ts';
import { readAddress } from '../../../models/address/read-address.ts';
import { byId } from '../../../models/contract/fields.ts';
import type { Permission } from '../../../models/contract/permissions.ts';
import {
  addNoteInput,
  correctAddressInput,
  correctContactInput,
  removeNoteInput,
  resendEmailInput,
  sendPaymentLinkInput,
  setTagsInput,
} from '../../../models/contract/staff/corrections.ts';
import { staffOrderView } from '../../../models/contract/staff-orders.ts';
import { correctAddress } from '../../../models/corrections/correct-address.ts';
import { correctContact } from '../../../models/corrections/correct-contact.ts';
import { emptyCorrections } from '../../../models/corrections/empty-corrections.ts';
import { addNote, removeNote } from '../../../models/corrections/notes.ts';
import { setTags } from '../../../models/corrections/tags.ts';
import { resendEmail } from '../../../models/messaging/resend-email.ts';
import { sendPaymentLink } from '../../../models/messaging/send-payment-link.ts';
import { type Actor, staffActor } from '../../../models/order/history.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { actOnOrder } from '../act-on-order.ts';
import { router, staffProcedure } from '../trpc.ts';

type StaffContext = Parameters<typeof actOnOrder>[0] & { user: { _id: Types.ObjectId } };

const staffAction = (permission: Permission) => staffProcedure(permission).output(staffOrderView);

/** Makes the change on the order of `id` in the name of the staff member. */
function by(
  ctx: StaffContext,
  id: string,
  change: (orderId: Types.ObjectId, by: { actor: Actor; now: Date }) => Promise<Order>,
) {
  return actOnOrder(ctx, (now) => change(new Types.ObjectId(id), { actor: staffActor(ctx.user._id), now }));
}

export const adminCorrectionsRouter = router({
  /** In any state of the order. A new email also sends the order's emails that could not be sent. */
  correctContact: staffAction('correctContact')
    .input(correctContactInput)
    .mutation(({ ctx, input: { id, ...fields } }) =>
      by(ctx, id, (orderId, who) => correctContact(ctx.app.db, orderId, { ...fields, ...who })),
    ),

  /** Until nothing is left to ship. Prices stay; `differs` names what is different from the checkout. */
  correctAddress: staffAction('correctAddress')
    .input(correctAddressInput)
    .mutation(({ ctx, input: { id, address } }) =>
      by(ctx, id, (orderId, who) =>
        correctAddress(ctx.app.db, orderId, { address: readAddress(address, 'address'), ...who }),
      ),
    ),

  /** Deletes the values that corrections replaced. */
  emptyCorrections: staffAction('correctContact')
    .input(byId)
    .mutation(({ ctx, input: { id } }) => by(ctx, id, (orderId, who) => emptyCorrections(ctx.app.db, orderId, who))),

  addNote: staffAction('addNote')
    .input(addNoteInput)
    .mutation(({ ctx, input: { id, key, text } }) =>
      by(ctx, id, (orderId, who) => addNote(ctx.app.db, orderId, { key: toActionKey(key, { text }), text, ...who })),
    ),

  removeNote: staffAction('addNote')
    .input(removeNoteInput)
    .mutation(({ ctx, input: { id, noteId } }) =>
      by(ctx, id, (orderId, who) => removeNote(ctx.app.db, orderId, { noteId, ...who })),
    ),

  setTags: staffAction('setTags')
    .input(setTagsInput)
    .mutation(({ ctx, input: { id, tags } }) =>
      by(ctx, id, (orderId, who) => setTags(ctx.app.db, orderId, { tags, ...who })),
    ),

  /** Sends a sent or parked email of the order once more. */
  resendEmail: staffAction('resendEmail')
    .input(resendEmailInput)
    .mutation(({ ctx, input: { id, emailId, key } }) =>
      by(ctx, id, (orderId, who) =>
        resendEmail(ctx.app.db, orderId, { emailId, key: toActionKey(key, { resend: emailId }), ...who }),
      ),
    ),

  /** Emails the customer the link to pay the order. */
  sendPaymentLink: staffAction('sendPaymentLink')
    .input(sendPaymentLinkInput)
    .mutation(({ ctx, input: { id, key } }) =>
      by(ctx, id, (orderId, who) =>
        sendPaymentLink(ctx.app.db, orderId, { key: toActionKey(key, { send: 'payment_link' }), ...who }),
      ),
    ),
});
