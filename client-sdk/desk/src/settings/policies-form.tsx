import { useState } from 'react';
import { POLICIES, POLICY_TITLES, type PolicyName } from '../../../../models/contract/shop/policies.ts';
import { client } from '../../../parts/data/client.ts';
import { TextAreaField } from '../../../parts/ui/field.tsx';
import { MarkedText } from '../../../parts/ui/marked-text.tsx';
import { type Policies, readPolicies } from '../data/shop-settings.ts';
import { SettingsForm } from './settings-form.tsx';

export function PoliciesForm({ stored }: { stored: Policies }) {
  return (
    <SettingsForm
      id="policies"
      title="Policies"
      stored={stored}
      save={(form, version) => client.admin.setPolicies.mutate({ version, ...readPolicies(form) })}
      done="Saved. Pages and emails follow within a few seconds."
    >
      {({ policies }, errors) => (
        <>
          <p className="faint">
            Each that has a text gets a page of the shop, linked at the foot of every page and email. Begin a heading
            with <code>##</code> and an item of a list with <code>-</code>; write <code>**strong**</code> and{' '}
            <code>[words](https://…)</code>.
          </p>
          {POLICIES.map((name) => (
            <Policy key={name} name={name} stored={policies[name] ?? ''} error={errors[`policies.${name}`]} />
          ))}
        </>
      )}
    </SettingsForm>
  );
}

function Policy({ name, stored, error }: { name: PolicyName; stored: string; error: string | undefined }) {
  const [text, setText] = useState(stored);
  return (
    <>
      <TextAreaField
        label={POLICY_TITLES[name]}
        name={name}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        rows={5}
        maxLength={20_000}
        optional
        error={error}
      />
      {text.trim() === '' ? null : (
        <details className="policy-preview">
          <summary>As customers read it</summary>
          <MarkedText text={text} />
        </details>
      )}
    </>
  );
}
