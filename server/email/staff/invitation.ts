import { INVITATION_DAYS } from '../../../models/accounts/invitations/invite.ts';
import type { StaffRole } from '../../../models/contract/permissions.ts';
import type { StaffEmailData } from '../../../models/messaging/staff-email.ts';
import { oneLine } from '../templates/plain-text.ts';
import type { StaffMessage } from '../templates/staff-layout.ts';
import { type StaffShop, staffPage } from './staff-shop.ts';

const ROLE_WORDS: Record<StaffRole, string> = {
  owner: 'an owner',
  manager: 'a manager',
  support: 'support',
  packer: 'a packer',
};

/** In the fragment, which browsers send to no server: the token stands in no log. */
export function invitation(
  { invitationId, role, invitedBy }: StaffEmailData['invitation'],
  shop: StaffShop,
): StaffMessage {
  if (shop.tokens === null) throw new Error('Nobody is invited where people sign in with an outside issuer.');
  const token = shop.tokens.tokenOf('invitation', invitationId);
  return {
    subject: `You are invited to work as ${ROLE_WORDS[role]}`,
    heading: `Join ${oneLine(shop.shopName)}`,
    paragraphs: [
      `${oneLine(invitedBy)} invites you to work at ${oneLine(shop.shopName)} as ${ROLE_WORDS[role]}.`,
      `Press the link, choose a password, and you are in. It works once, for ${INVITATION_DAYS} days.`,
      'If you do not expect this, you need not do anything.',
    ],
    action: { label: 'Accept the invitation', url: `${staffPage(shop, '/invitation')}#${token}` },
  };
}
